import { createMiddleware } from 'hono/factory'
import { equalInConstantTime } from '../aws/hex.ts'
import { ServiceError } from '../aws/service-error.ts'
import type { Settings } from '../aws/settings.ts'
import type { Front } from '../ports/front.ts'
import { parseAuthorization, type Authorization } from './authorization-header.ts'
import {
  canonicalRequest,
  signature,
  signingKey,
  stringToSign,
  type SignedRequest,
} from './sigv4.ts'

const MAX_SKEW_MILLISECONDS = 15 * 60 * 1000

/** Headers that say where a request goes and what it asks for. */
const MUST_BE_SIGNED = [
  ['host', 'Host'],
  ['x-amz-target', 'X-Amz-Target'],
] as const

/**
 * Judges all of a request's signature but its payload, and leaves `payload` for whoever reads the
 * body. The order of the checks is AWS's: what is missing, who, which scope, when, and the
 * signature last.
 */
export const authenticate = createMiddleware<Front>(async (c, next) => {
  const { settings, now } = c.var.ports
  const { pathname, search } = new URL(c.req.url)
  const request: SignedRequest = {
    method: c.req.method,
    path: pathname,
    query: search.slice(1),
    headers: c.req.raw.headers,
  }
  const header = c.req.header('authorization')
  if (header === undefined) {
    throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token')
  }
  const authorization = parseAuthorization(header)
  const secretAccessKey = secretOf(authorization.accessKeyId, settings)
  checkScope(authorization, settings.region, serviceOf(request))
  const timestamp = timestampOf(request.headers)
  checkTime(timestamp, authorization.scope.date, now())
  for (const [name, shown] of MUST_BE_SIGNED) {
    if (request.headers.has(name) && !authorization.signedHeaders.includes(name)) {
      throw invalid(`'${shown}' must be a 'SignedHeader' in the AWS Authorization.`)
    }
  }
  const key = await signingKey(secretAccessKey, authorization.scope)

  async function verify(payloadHash: string): Promise<void> {
    const canonical = canonicalRequest(request, authorization.signedHeaders, payloadHash)
    const expected = await signature(
      key,
      await stringToSign(timestamp, authorization.scope, canonical),
    )
    if (!equalInConstantTime(expected, authorization.signature)) throw mismatch()
  }

  const declared = c.req.header('x-amz-content-sha256')
  // A declared hash can be judged before the body is read; then the body has to match it.
  if (declared !== undefined) await verify(declared)
  c.set('payload', {
    size: sizeOf(c.req.header('content-length')),
    stream: c.req.raw.body ?? new Blob([]).stream(),
    verify: declared === undefined ? verify : matching(declared),
  })
  await next()
})

/** Every service of the gateway is signed for under its own name; only `/` serves several. */
function serviceOf({ path, headers }: SignedRequest): string {
  const target = (path === '/' ? headers.get('x-amz-target') : null) ?? ''
  if (target.startsWith('Logs_')) return 'logs'
  return target.startsWith('Kinesis_') ? 'kinesis' : 'lambda'
}

function secretOf(accessKeyId: string, settings: Settings): string {
  if (settings.rootAccessKeyId === '' || settings.rootSecretAccessKey === '') {
    throw new ServiceError(
      'UnrecognizedClientException',
      `This gateway has no root credential yet. Set its secrets ROOT_ACCESS_KEY_ID and ROOT_SECRET_ACCESS_KEY.`,
    )
  }
  if (!equalInConstantTime(accessKeyId, settings.rootAccessKeyId)) {
    throw new ServiceError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    )
  }
  return settings.rootSecretAccessKey
}

function checkScope({ scope, terminator }: Authorization, region: string, service: string): void {
  if (terminator !== 'aws4_request') {
    throw invalid(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'.`,
    )
  }
  if (scope.region !== region) {
    throw invalid(
      `Credential should be scoped to a valid region, not '${scope.region}'. Expected '${region}'.`,
    )
  }
  if (scope.service !== service) {
    throw invalid(`Credential should be scoped to correct service: '${service}'.`)
  }
}

/** ISO 8601 basic, from `X-Amz-Date` or else from `Date`, which may be an HTTP date. */
function timestampOf(headers: Headers): string {
  const text = headers.get('x-amz-date') ?? headers.get('date')
  if (text === null) {
    throw new ServiceError(
      'IncompleteSignatureException',
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    )
  }
  if (/^\d{8}T\d{6}Z$/.test(text)) return text
  const httpDate = Date.parse(text)
  if (headers.has('x-amz-date') || Number.isNaN(httpDate)) {
    throw new ServiceError(
      'IncompleteSignatureException',
      `Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    )
  }
  return basicIso(httpDate)
}

function checkTime(timestamp: string, scopeDate: string, now: number): void {
  if (timestamp.slice(0, 8) !== scopeDate) {
    throw invalid(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scopeDate}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`,
    )
  }
  const extended = timestamp.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')
  const signedAt = Date.parse(extended)
  if (Number.isNaN(signedAt) || signedAt < now - MAX_SKEW_MILLISECONDS) {
    throw invalid(
      `Signature expired: ${timestamp} is now earlier than ${basicIso(now - MAX_SKEW_MILLISECONDS)} (${basicIso(now)} - 15 min.)`,
    )
  }
  if (signedAt > now + MAX_SKEW_MILLISECONDS) {
    throw invalid(
      `Signature not yet current: ${timestamp} is still later than ${basicIso(now + MAX_SKEW_MILLISECONDS)} (${basicIso(now)} + 15 min.)`,
    )
  }
}

function basicIso(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

function sizeOf(contentLength: string | undefined): number | undefined {
  return contentLength !== undefined && /^\d+$/.test(contentLength)
    ? Number(contentLength)
    : undefined
}

function matching(declared: string): (sha256: string) => Promise<void> {
  return (sha256) =>
    equalInConstantTime(sha256, declared) ? Promise.resolve() : Promise.reject(mismatch())
}

function mismatch(): ServiceError {
  return invalid(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  )
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidSignatureException', message)
}
