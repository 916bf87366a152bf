import { chunked, Hang, sendRaw, type RawAnswer } from '../support/raw-request.ts'
import { sign, type SignOptions } from '../support/sign.ts'
import { TAKEN, type FuzzRequest } from './fuzz-request.ts'

export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
}

/** What became of a request. */
export type Outcome =
  { kind: 'answered'; answer: RawAnswer } | { kind: 'dropped' } | { kind: 'hung' }

export interface Sent {
  /** As it was sent: with what was taken from another answer, and what was spoiled in its body. */
  request: FuzzRequest
  /** Whether what it takes from another answer was there to be taken, and is still itself. */
  hasTaken: boolean
  outcome: Outcome
  beganAt: number
  endedAt: number
}

/** Signs a request, spoils it where it says so, and sends it over a connection of its own. */
export function requestSender(port: number, credentials: Credentials) {
  async function exchange(request: FuzzRequest): Promise<Outcome> {
    const signed = await signedHeaders(request)
    const spoiled = spoiledBody(request)
    const headers = [...lengthened(request, signed, spoiled.byteLength), ...request.unsigned]
    const isChunked = request.spoil?.kind === 'chunked'
    try {
      const answer = await sendRaw(port, {
        method: request.method,
        target: request.target,
        headers,
        body: [isChunked ? chunked(spoiled) : spoiled],
        hangsUp: isLongerThanSent(request),
      })
      return { kind: 'answered', answer }
    } catch (error) {
      return { kind: error instanceof Hang ? 'hung' : 'dropped' }
    }
  }

  async function signedHeaders(request: FuzzRequest): Promise<[string, string][]> {
    const { spoil, method, body, service } = request
    const options: SignOptions = { service, ...credentials }
    if (spoil?.kind === 'signedAs') Object.assign(options, spoil.by)
    if (spoil?.kind === 'service') options.service = spoil.service
    if (spoil?.kind === 'datetime') options.datetime = spoil.datetime
    options.signed = Object.fromEntries(request.headers)
    const origin = `http://127.0.0.1:${port}`
    const url = URL.canParse(origin + request.target) ? origin + request.target : origin
    const headers = new Map(await sign(method, url, body, options))
    if (spoil?.kind === 'set') headers.set(spoil.header, spoil.value)
    if (spoil?.kind === 'dropped') headers.delete(spoil.header)
    if (spoil?.kind === 'changed') {
      headers.set(spoil.header, changedAt(headers.get(spoil.header) ?? '', spoil.at, spoil.to))
    }
    return [...headers]
  }

  /** Fetches what the request takes from another answer, and puts it where it belongs. */
  async function completed(
    request: FuzzRequest,
  ): Promise<{ request: FuzzRequest; found: boolean }> {
    const { taken } = request
    if (taken === undefined) return { request, found: false }
    const { operation } = request
    const outcome = await exchange({ operation, ...taken.from, unsigned: [], isHttp: true })
    const value = outcome.kind === 'answered' ? memberOf(outcome.answer, taken.path) : undefined
    const text = withoutOrigin(typeof value === 'string' ? value : 'nothing')
    const used = taken.tamperedAt === undefined ? text : changedAt(text, taken.tamperedAt, 'z')
    const inTarget = text.startsWith('/') ? used : encodeURIComponent(used)
    const inBody = JSON.stringify(used).slice(1, -1)
    const body = Buffer.from(request.body).includes(TAKEN)
      ? new Uint8Array(Buffer.from(Buffer.from(request.body).toString().replace(TAKEN, inBody)))
      : request.body
    const target = request.target.replace(TAKEN, () => inTarget)
    return {
      request: { ...request, target: target.startsWith('/') ? target : `/${target}`, body },
      found: typeof value === 'string' && taken.tamperedAt === undefined,
    }
  }

  return async function send(request: FuzzRequest): Promise<Sent> {
    const { request: complete, found: hasTaken } = await completed(request)
    const beganAt = performance.now()
    const outcome = await exchange(complete)
    return { request: complete, hasTaken, outcome, beganAt, endedAt: performance.now() }
  }
}

/** Whoever says that more comes than does is waited for; nobody stays and waits as well. */
function isLongerThanSent({ spoil }: FuzzRequest): boolean {
  return spoil?.kind === 'length' && spoil.by > 0
}

function spoiledBody({ body, spoil }: FuzzRequest): Uint8Array<ArrayBuffer> {
  if (spoil?.kind !== 'body') return body
  if (body.length === 0) return Uint8Array.of(0x7b)
  const changed = body.slice()
  const at = Math.floor(spoil.at * body.length)
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}

function lengthened(
  { spoil, body, method }: FuzzRequest,
  headers: [string, string][],
  length: number,
): [string, string][] {
  if (spoil?.kind === 'chunked') return [...headers, ['transfer-encoding', 'chunked']]
  const said = spoil?.kind === 'length' ? Math.max(0, length + spoil.by) : length
  const isBare = body.length === 0 && said === 0 && (method === 'GET' || method === 'HEAD')
  return isBare ? headers : [...headers, ['content-length', String(said)]]
}

function changedAt(text: string, part: number, to: string): string {
  const at = Math.floor(part * text.length)
  return text.slice(0, at) + (text.charAt(at) === to ? '.' : to) + text.slice(at + 1)
}

/** Of a URL, path and query: it is asked for where all else is. */
function withoutOrigin(text: string): string {
  return text.replace(/^https?:\/\/[^/]*(?=\/)/, '')
}

function memberOf({ body }: RawAnswer, path: (string | number)[]): unknown {
  let value: unknown
  try {
    value = JSON.parse(body.toString())
  } catch {
    return undefined
  }
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.getOwnPropertyDescriptor(value, key)?.value
  }
  return value
}
