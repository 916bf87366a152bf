import { toHex } from './hex.ts'
import { encodeUtf8 } from './utf8.ts'

/** SHA-256 in hex. */
export async function sha256Hex(data: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof data === 'string' ? encodeUtf8(data) : data
  return toHex(await crypto.subtle.digest('SHA-256', bytes))
}

export async function hmacSha256(
  key: Uint8Array<ArrayBuffer>,
  text: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const imported = await crypto.subtle.importKey('raw', key, hmac, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, encodeUtf8(text)))
}
