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
  return hmacWith(await hmacKey(key), text)
}

// `CryptoKey` itself is no type on every platform.
export type HmacKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/** A key to be used more than once: taking it in costs more than one use of it. */
export function hmacKey(key: Uint8Array<ArrayBuffer>): Promise<HmacKey> {
  return crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
}

export async function hmacWith(key: HmacKey, text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, encodeUtf8(text)))
}
