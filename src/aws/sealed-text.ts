import { fromBase64Url, toBase64Url } from './base64-url.ts'
import { BoundedMap } from './bounded-map.ts'
import { toHex } from './hex.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'

/** KEY_ENCRYPTION_SECRET, and the one before it while that is still in use. */
export interface SealingSecrets {
  current: string
  /** Empty when there is none. */
  previous: string
}

/** What a text is sealed for, and what it belongs to: nothing else opens it. */
export interface SealedFor {
  purpose: 'access-key' | 'session-token'
  id: string
}

const IV_BYTES = 12
// `CryptoKey` itself is no type on every platform.
type SealingKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/** Two secrets for two purposes each, and as many of a gateway that was there before. */
const MAX_KEYS = 8
/** Derived once in an isolate: the same of the same secret, so there is nothing to renew. */
const keys = new BoundedMap<string, SealingKey>(MAX_KEYS)

/** Encrypts with AES-256-GCM under a key derived for this one purpose. */
export async function seal(
  { current }: SealingSecrets,
  { purpose, id }: SealedFor,
  text: string,
): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const algorithm = { name: 'AES-GCM', iv, additionalData: encodeUtf8(id) }
  const key = await sealingKey(current, purpose)
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, encodeUtf8(text)))
  const bytes = new Uint8Array(IV_BYTES + sealed.byteLength)
  bytes.set(iv)
  bytes.set(sealed, IV_BYTES)
  return toBase64Url(bytes)
}

/** The text, sealed with either secret; `undefined` for what `seal` did not make for this. */
export async function unseal(
  { current, previous }: SealingSecrets,
  { purpose, id }: SealedFor,
  sealed: string,
): Promise<string | undefined> {
  for (const secret of [current, previous].filter((one) => one !== '')) {
    try {
      const bytes = fromBase64Url(sealed)
      const iv = bytes.subarray(0, IV_BYTES)
      const algorithm = { name: 'AES-GCM', iv, additionalData: encodeUtf8(id) }
      const key = await sealingKey(secret, purpose)
      return decodeUtf8(await crypto.subtle.decrypt(algorithm, key, bytes.subarray(IV_BYTES)))
    } catch {
      // Not base64, or sealed with the other secret, or with none of ours.
    }
  }
  return undefined
}

/** Tells secrets apart, and tells nothing of them. */
export async function fingerprintOf(secret: string): Promise<string> {
  return toHex(await derivedBits(secret, 'fingerprint', 64))
}

async function sealingKey(secret: string, purpose: string): Promise<SealingKey> {
  const name = `${purpose}\n${secret}`
  const known = keys.get(name)
  if (known !== undefined) return known
  const bits = await derivedBits(secret, purpose, 256)
  const key = await crypto.subtle.importKey('raw', bits, 'AES-GCM', false, ['encrypt', 'decrypt'])
  keys.set(name, key)
  return key
}

async function derivedBits(secret: string, purpose: string, length: number): Promise<ArrayBuffer> {
  const material = await crypto.subtle.importKey('raw', encodeUtf8(secret), 'HKDF', false, [
    'deriveBits',
  ])
  const algorithm = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: encodeUtf8('lambda-edge-gateway'),
    info: encodeUtf8(`lambda-edge-gateway/${purpose}/1`),
  }
  return crypto.subtle.deriveBits(algorithm, material, length)
}
