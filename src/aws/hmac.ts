import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto'

// By `node:crypto`, which every platform has: WebCrypto answers only later, and on Deno and Node a
// thread has to be woken for each hash (33 µs instead of 2, measured with 600 bytes).

/** SHA-256 in hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** For a key that is used again and again: on Deno bytes take as long as all the rest. */
export type HmacKey = KeyObject

export function hmacKey(bytes: Uint8Array): HmacKey {
  return createSecretKey(bytes)
}

/** HMAC-SHA-256 in hex. A string is its UTF-8. */
export function hmacSha256Hex(key: HmacKey | Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}

/** The same in bytes. */
export function hmacSha256(key: string | Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest()
}
