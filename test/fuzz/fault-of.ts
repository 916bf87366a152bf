import { REQUEST_ID } from '../support/expect-error.ts'
import type { RawAnswer } from '../support/raw-request.ts'
import { pathOf, type FuzzRequest } from './fuzz-request.ts'
import type { Credentials, Sent } from './send-request.ts'

/** What the platform says by itself of what is no HTTP, or of a head that is too large. */
const PLATFORM_STATUSES = [400, 403, 404, 405, 411, 413, 414, 426, 431, 501]
/** What a request line may hold; of anything else the platform makes no request. */
const URI = /^\/[\w\-.~:/?@!$&'()*+,;=%]*$/
/** Paths that are Cloudflare's own on every host, and wrangler's. */
const PLATFORM_PATHS = '/cdn-cgi/'
/** More than the sockets hold: who is refused before all was read may see a reset first. */
const MAY_RESET_BYTES = 64 * 1024

/** What is wrong with what became of a request, as a sentence. */
export function faultOf(sent: Sent, credentials: Credentials): string | undefined {
  const { request, outcome } = sent
  if (outcome.kind === 'hung') return 'there was no answer in time'
  if (outcome.kind === 'dropped') {
    return mayBeDropped(request) ? undefined : 'the connection ended without an answer'
  }
  const { answer } = outcome
  if (answer.headers.get('x-amzn-RequestId') === null) {
    const isPlatforms = mayBeDropped(request) || pathOf(request).startsWith(PLATFORM_PATHS)
    const isFair = isPlatforms && PLATFORM_STATUSES.includes(answer.status)
    return isFair ? undefined : 'the answer does not come from the gateway'
  }
  return faultOfForm(request, answer) ?? faultOfTrust(sent, answer) ?? leakIn(answer, credentials)
}

function mayBeDropped({ isHttp, target, spoil, body }: FuzzRequest): boolean {
  return !isHttp || !URI.test(target) || spoil?.kind === 'length' || body.length > MAY_RESET_BYTES
}

function faultOfForm(request: FuzzRequest, answer: RawAnswer): string | undefined {
  const { status, headers, body } = answer
  const code = headers.get('x-amzn-ErrorType')
  if (status >= 500) return 'the answer is a failure of the service'
  if (!REQUEST_ID.test(headers.get('x-amzn-RequestId') ?? '')) return 'the request id is no UUID'
  if (status < 400) return code === null ? undefined : 'a success has an error type'
  // RFC 9110 gives it a form of its own: no body, and Content-Range.
  if (status === 416) return headers.has('content-range') ? undefined : '416 without Content-Range'
  if (code === null || !/^\w+Exception$/.test(code)) return 'the error has no type'
  if (request.method === 'HEAD') return undefined
  const error = objectIn(body)
  if (error === undefined) return 'the error is no JSON object'
  const texts = [error.message, error.Message].filter((text) => typeof text === 'string')
  if (texts.length !== 1) return 'the error has not one message'
  if ('__type' in error && error.__type !== code) return 'the error is of two types'
  return undefined
}

/** Whoever signs badly is refused, and so is a URL that was not given out. */
function faultOfTrust({ request, hasTaken }: Sent, answer: RawAnswer): string | undefined {
  const isSuccess = answer.status < 400
  const path = pathOf(request)
  if (path.startsWith('/code/')) {
    return isSuccess && !hasTaken ? 'a URL that nobody gave out is served' : undefined
  }
  if (path === '/healthz') return undefined
  const { spoil, body } = request
  if (spoil === undefined || spoil.kind === 'chunked') return undefined
  if (spoil.kind === 'length' && spoil.by < 0 && body.length === 0) return undefined
  return isSuccess ? 'a request that is signed badly is served' : undefined
}

function leakIn({ body }: RawAnswer, { secretAccessKey }: Credentials): string | undefined {
  const text = body.toString('latin1')
  if (text.includes(secretAccessKey)) return 'the answer tells the secret'
  return /\n +at .+:\d+:\d+/.test(text) ? 'the answer tells a stack' : undefined
}

function objectIn(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString())
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
