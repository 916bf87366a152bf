import { BoundedMap } from './bounded-map.ts'

/** A revoked key is good for so long where it was just used; its copies in KV may add their own. */
const MAX_AGE_MILLISECONDS = 30_000
const MAX_ENTRIES = 1000

/** Reads what is not there, or was read too long ago; what there is none of is not kept. */
export type IdentityCache = <Value>(
  key: string,
  now: number,
  read: () => Promise<Value | undefined>,
) => Promise<Value | undefined>

/** What was read of identities, each for half a minute. */
export function identityCache(): IdentityCache {
  const entries = new BoundedMap<string, { value: unknown; readAtMilliseconds: number }>(
    MAX_ENTRIES,
  )
  return async <Value>(key: string, now: number, read: () => Promise<Value | undefined>) => {
    const known = entries.get(key)
    if (known !== undefined && now - known.readAtMilliseconds < MAX_AGE_MILLISECONDS) {
      // Only ever put under this key by a reader of the same.
      return known.value as Value
    }
    const value = await read()
    entries.delete(key)
    if (value === undefined) return undefined
    entries.set(key, { value, readAtMilliseconds: now })
    return value
  }
}
