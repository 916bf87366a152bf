import { KeyRecord, RoleRecord } from '../../aws/identity-record.ts'
import type { IdentityStore, PublishedIdentities } from '../../ports/identity-store.ts'
import type { Sql } from '../../ports/sql.ts'
import type { DiskSync } from './disk-sync.ts'
import { recordTable } from './record-table.ts'

const RECORDS = { 'access-key': KeyRecord, role: RoleRecord }

/** Access keys under `access-key/ID`, roles under `role/NAME`. */
export function sqliteIdentityStore(sql: Sql, disk: DiskSync): IdentityStore {
  const table = recordTable<unknown>(sql, disk, 'identities', (value) => value)
  return {
    async get<Kind extends keyof PublishedIdentities>(kind: Kind, id: string) {
      const value = await table.get(`${kind}/${id}`)
      if (value === undefined) return undefined
      // The schema is the kind's; of that the compiler loses track.
      return RECORDS[kind].parse(value) as PublishedIdentities[Kind]
    },
    put: (kind, id, record) => table.put(`${kind}/${id}`, record),
    delete: (kind, id) => table.delete(`${kind}/${id}`),
  }
}
