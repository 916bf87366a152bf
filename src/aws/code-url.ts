import { equalInConstantTime } from './hex.ts'
import { hmacSha256, hmacSha256Hex } from './hmac.ts'

// Self-served presigned URLs, for where R2 has no S3 credentials and for the Deno edition:
// ORIGIN/code/NAME/UUID.zip?Expires=SECONDS&Signature=HEX

/** A key of its own for this one purpose: no signature made with it means anything elsewhere. */
function codeUrlKey(secret: string): Uint8Array {
  return hmacSha256(secret, 'lambda-edge-gateway/code-url/1')
}

function codeSignature(secret: string, codeKey: string, expires: number): string {
  const key = codeUrlKey(secret)
  return hmacSha256Hex(key, `GET\n${codeKey}\n${expires}`)
}

/** `expires` is in seconds since 1970. */
export function signCodeUrl(
  secret: string,
  origin: string,
  codeKey: string,
  expires: number,
): string {
  const signature = codeSignature(secret, codeKey, expires)
  return `${origin}/${codeKey}?Expires=${expires}&Signature=${signature}`
}

/** Whether this is a URL that `signCodeUrl` made with this secret, and not yet expired. */
export function isGoodCodeUrl(
  secret: string,
  codeKey: string,
  query: { Expires?: string | undefined; Signature?: string | undefined },
  nowMilliseconds: number,
): boolean {
  const { Expires, Signature } = query
  if (secret === '' || Expires === undefined || Signature === undefined) return false
  if (!/^\d{1,12}$/.test(Expires)) return false
  const expected = codeSignature(secret, codeKey, Number(Expires))
  return equalInConstantTime(expected, Signature) && nowMilliseconds < Number(Expires) * 1000
}
