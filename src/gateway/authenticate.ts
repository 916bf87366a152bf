import { createMiddleware } from 'hono/factory'
import { equalInConstantTime } from '../aws/hex.ts'
import type { ServiceError } from '../aws/service-error.ts'
import type { Settings } from '../aws/settings.ts'
import type { Front } from '../ports/front.ts'
import { callerOf } from './caller.ts'
import { claimOf } from './claim.ts'
import { checkScope, invalidSignature, type ExpectedScope } from './credential.ts'
import { identify } from './identify.ts'
import { identityCache } from '../aws/identity-cache.ts'
import { isQueryProtocol } from './query-protocol.ts'
import { canonicalRequest, signature, stringToSign, type SignedRequest } from './sigv4.ts'
import { signingKeys } from './signing-keys.ts'
import { checkTime } from './signing-time.ts'

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
export function authenticate() {
  const keyFor = signingKeys()
  const cache = identityCache()
  return createMiddleware<Front>(async (c, next) => {
    const { settings, now } = c.get('ports')
    const { pathname, search } = new URL(c.req.url)
    const { headers } = c.req.raw
    const sent = { method: c.req.method, path: pathname, query: search.slice(1), headers }
    const claim = claimOf(sent)
    const request = { ...sent, query: claim.query }
    const identity = await identify(c.get('ports'), cache, claim)
    checkScope(claim, expectedScope(request, settings))
    checkTime(claim, now())
    for (const [name, shown] of MUST_BE_SIGNED) {
      if (headers.has(name) && !claim.signedHeaders.includes(name)) {
        throw invalidSignature(`'${shown}' must be a 'SignedHeader' in the AWS Authorization.`)
      }
    }
    const key = keyFor(identity.secretAccessKey, claim.scope)

    function verify(payloadHash: string): void {
      const canonical = canonicalRequest(request, claim.signedHeaders, payloadHash)
      const text = stringToSign(claim.timestamp, claim.scope, canonical)
      const expected = signature(key, text)
      if (!equalInConstantTime(expected, claim.signature)) throw mismatch()
    }

    const facts = { url: c.req.url, headers, nowMilliseconds: now(), region: settings.region }
    c.set('caller', callerOf(identity, facts))
    c.set('signedService', claim.scope.service)
    const declared = c.req.header('x-amz-content-sha256')
    // A declared hash can be judged before the body is read; then the body has to match it.
    if (declared !== undefined) verify(declared)
    c.set('payload', {
      size: sizeOf(c.req.header('content-length')),
      stream: c.req.raw.body ?? new Blob([]).stream(),
      verify: declared === undefined ? verify : matching(declared),
    })
    await next()
  })
}

/** What `/` serves by its target, and the name that each is signed for under. */
const SERVICE_OF_TARGET = [
  ['Logs_', 'logs'],
  ['Kinesis_', 'kinesis'],
] as const
/** IAM has one region for all, which its clients sign for wherever they are. */
const GLOBAL_REGION = 'us-east-1'

/** Every service of the gateway is signed for under its own name; only `/` serves several. */
function expectedScope(request: SignedRequest, { region }: Settings): ExpectedScope {
  if (isQueryProtocol(request)) {
    return { regions: [region, GLOBAL_REGION], services: ['iam', 'sts'] }
  }
  const target = request.path === '/' ? (request.headers.get('x-amz-target') ?? '') : ''
  const [, service = 'lambda'] = SERVICE_OF_TARGET.find(([text]) => target.startsWith(text)) ?? []
  return { regions: [region], services: [service] }
}

function sizeOf(contentLength: string | undefined): number | undefined {
  return contentLength !== undefined && /^\d+$/.test(contentLength)
    ? Number(contentLength)
    : undefined
}

function matching(declared: string): (sha256: string) => void {
  return (sha256) => {
    if (!equalInConstantTime(sha256, declared)) throw mismatch()
  }
}

function mismatch(): ServiceError {
  return invalidSignature(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  )
}
