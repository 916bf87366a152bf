import { hmacKey, hmacSha256, hmacSha256Hex, sha256Hex, type HmacKey } from '../aws/hmac.ts'
import { encodeUtf8 } from '../aws/utf8.ts'

// Signature Version 4, each step a function of its own so that each intermediate can be compared
// with AWS's published vectors (docs.aws.amazon.com, "Create a signed AWS API request").

/** A request as it is signed: the path and query exactly as they came over the wire. */
export interface SignedRequest {
  method: string
  /** Percent-encoded path, without the query. */
  path: string
  /** Raw query without its `?`, and without X-Amz-Signature. */
  query: string
  headers: Headers
  /** S3 alone signs paths as they are sent. */
  isPathAsSent?: boolean
}

export interface CredentialScope {
  date: string
  region: string
  service: string
}

/** RFC 3986: all but the unreserved characters is percent-encoded, in upper case. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => '%' + character.charCodeAt(0).toString(16).toUpperCase(),
  )
}

/**
 * The path of services other than S3: the wire's already encoded path, each segment encoded once
 * more. Repeated slashes are one, `.` and `..` are resolved, unless it is to stay as it was sent.
 */
export function canonicalPath(path: string, isAsSent = false): string {
  if (isAsSent) return path.split('/').map(uriEncode).join('/')
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment === '..') segments.pop()
    else segments.push(uriEncode(segment))
  }
  const trailing = segments.length > 0 && /\/\.{0,2}$/.test(path) ? '/' : ''
  return '/' + segments.join('/') + trailing
}

/**
 * Parameters decoded, encoded the canonical way, sorted by name, then by value. They are decoded as
 * the operations read them, so what was signed is what is meant: a plus is a space. AWS's clients
 * never send one, and what others send (`URLSearchParams`) aws4fetch signs so as well.
 */
export function canonicalQuery(query: string): string {
  return Array.from(
    new URLSearchParams(`?${query}`),
    ([name, value]) => [uriEncode(name), uriEncode(value)] as const,
  )
    .sort(
      ([nameA, valueA], [nameB, valueB]) => byCodeUnit(nameA, nameB) || byCodeUnit(valueA, valueB),
    )
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The canonical request. A signed header that did not arrive counts as empty, so it cannot match. */
export function canonicalRequest(
  request: SignedRequest,
  signedHeaders: string[],
  payloadHash: string,
): string {
  const headers = signedHeaders.map(
    (name) => `${name}:${(request.headers.get(name) ?? '').trim().replace(/\s+/g, ' ')}\n`,
  )
  return [
    request.method,
    canonicalPath(request.path, request.isPathAsSent),
    canonicalQuery(request.query),
    headers.join(''),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n')
}

/** `timestamp` is ISO 8601 basic, `20150830T123600Z`. */
export function stringToSign(timestamp: string, scope: CredentialScope, canonical: string): string {
  const scopeText = `${scope.date}/${scope.region}/${scope.service}/aws4_request`
  return ['AWS4-HMAC-SHA256', timestamp, scopeText, sha256Hex(canonical)].join('\n')
}

/** The key of one secret for one day, region and service. */
export function signingKey(secretAccessKey: string, scope: CredentialScope): HmacKey {
  const parts = [scope.date, scope.region, scope.service, 'aws4_request']
  return hmacKey(parts.reduce<Uint8Array>(hmacSha256, encodeUtf8(`AWS4${secretAccessKey}`)))
}

export function signature(key: HmacKey, text: string): string {
  return hmacSha256Hex(key, text)
}
