import { BoundedMap } from '../aws/bounded-map.ts'
import type { HmacKey } from '../aws/hmac.ts'
import { signingKey, type CredentialScope } from './sigv4.ts'

/** A key each for a day, and few services: room for some two hundred identities at work. */
const MAX_KEYS = 1000

export type SigningKeys = (secretAccessKey: string, scope: CredentialScope) => HmacKey

/** Signing keys, each derived once: four of the seven hashes of a signature. */
export function signingKeys(): SigningKeys {
  const keys = new BoundedMap<string, HmacKey>(MAX_KEYS)
  return (secretAccessKey, scope) => {
    const name = [scope.date, scope.region, scope.service, secretAccessKey].join('/')
    const known = keys.get(name)
    if (known !== undefined) return known
    const key = signingKey(secretAccessKey, scope)
    keys.set(name, key)
    return key
  }
}
