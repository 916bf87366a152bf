import type { Claim } from './claim.ts'
import { incomplete, invalidSignature } from './credential.ts'

const MAX_SKEW_MILLISECONDS = 15 * 60 * 1000

/** ISO 8601 basic, from `X-Amz-Date` or else from `Date`, which may be an HTTP date. */
export function timestampOf(headers: Headers): string {
  const text = headers.get('x-amz-date') ?? headers.get('date')
  if (text === null) {
    throw incomplete(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    )
  }
  if (/^\d{8}T\d{6}Z$/.test(text)) return text
  const httpDate = Date.parse(text)
  if (headers.has('x-amz-date') || Number.isNaN(httpDate)) {
    throw incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    )
  }
  return basicIso(httpDate)
}

/** Throws InvalidSignatureException for what was signed too long ago, or not yet. */
export function checkTime({ timestamp, scope, expiresSeconds }: Claim, now: number): void {
  if (timestamp.slice(0, 8) !== scope.date) {
    throw invalidSignature(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`,
    )
  }
  const extended = timestamp.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')
  const signedAt = Date.parse(extended)
  const goodFor = expiresSeconds === undefined ? MAX_SKEW_MILLISECONDS : expiresSeconds * 1000
  const oldest = now - goodFor
  if (Number.isNaN(signedAt) || signedAt < oldest) {
    const seconds = goodFor / 1000
    const span = seconds % 60 === 0 ? `${seconds / 60} min.` : `${seconds} sec.`
    throw invalidSignature(
      `Signature expired: ${timestamp} is now earlier than ${basicIso(oldest)} (${basicIso(now)} - ${span})`,
    )
  }
  const newest = now + MAX_SKEW_MILLISECONDS
  if (signedAt > newest) {
    throw invalidSignature(
      `Signature not yet current: ${timestamp} is still later than ${basicIso(newest)} (${basicIso(now)} + 15 min.)`,
    )
  }
}

function basicIso(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace(/[-:]|\.\d{3}/g, '')
}
