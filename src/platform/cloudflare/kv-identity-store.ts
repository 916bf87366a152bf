import { KeyRecord, RoleRecord } from '../../aws/identity-record.ts'
import type { IdentityStore, PublishedIdentities } from '../../ports/identity-store.ts'

const RECORDS = { 'access-key': KeyRecord, role: RoleRecord }
/** As short as KV allows: a revoked key is known by its copies for no longer. */
const CACHE_SECONDS = 30

/** Access keys under `access-key/ID`, roles under `role/NAME`. */
export function kvIdentityStore(kv: KVNamespace): IdentityStore {
  return {
    async get<Kind extends keyof PublishedIdentities>(kind: Kind, id: string) {
      const value = await kv.get(`${kind}/${id}`, {
        type: 'json',
        cacheTtl: CACHE_SECONDS,
      })
      if (value === null) return undefined
      // The schema is the kind's; of that the compiler loses track.
      return RECORDS[kind].parse(value) as PublishedIdentities[Kind]
    },
    async put(kind, id, record) {
      await kv.put(`${kind}/${id}`, JSON.stringify(record))
    },
    async delete(kind, id) {
      await kv.delete(`${kind}/${id}`)
    },
  }
}
