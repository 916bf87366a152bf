import { equalInConstantTime, toHex } from './hex.ts'
import { hmacSha256 } from './hmac.ts'
import { encodeUtf8 } from './utf8.ts'

// Self-served presigned URLs, for where R2 has no S3 credentials and for the Deno edition:
// ORIGIN/code/NAME/UUID.zip?Expires=SECONDS&Signature=HEX

/** A key of its own for this one purpose: no signature made with it means anything elsewhere. */
async function codeUrlKey(secret: string): Promise<Uint8Array<ArrayBuffer>> {
  return hmacSha256(encodeUtf8(secret), 'lambda-edge-gateway/code-url/1')
}

async function codeSignature(secret: string, codeKey: string, expires: number): Promise<string> {
  const key = await codeUrlKey(secret)
  return toHex(await hmacSha256(key, `GET\n${codeKey}\n${expires}`))
}

/** `expires` is in seconds since 1970. */
export async function signCodeUrl(
  secret: string,
  origin: string,
  codeKey: string,
  expires: number,
): Promise<string> {
  const signature = await codeSignature(secret, codeKey, expires)
  return `${origin}/${codeKey}?Expires=${expires}&Signature=${signature}`
}

/** Whether this is a URL that `signCodeUrl` made with this secret, and not yet expired. */
export async function isGoodCodeUrl(
  secret: string,
  codeKey: string,
  query: { Expires?: string | undefined; Signature?: string | undefined },
  nowMilliseconds: number,
): Promise<boolean> {
  const { Expires, Signature } = query
  if (secret === '' || Expires === undefined || Signature === undefined) return false
  if (!/^\d{1,12}$/.test(Expires)) return false
  const expected = await codeSignature(secret, codeKey, Number(Expires))
  return equalInConstantTime(expected, Signature) && nowMilliseconds < Number(Expires) * 1000
}
