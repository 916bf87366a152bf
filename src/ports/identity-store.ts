import type { KeyRecord, RoleRecord } from '../aws/identity-record.ts'

/** What is published: of access keys by their ids, of roles by their names. */
export interface PublishedIdentities {
  'access-key': KeyRecord
  role: RoleRecord
}

/**
 * Where identities are read at each request. A copy, as the function store is one: elsewhere it may
 * be 60 s old, and only the directory calls `put` and `delete`.
 */
export interface IdentityStore {
  get<Kind extends keyof PublishedIdentities>(
    kind: Kind,
    id: string,
  ): Promise<PublishedIdentities[Kind] | undefined>
  /** May reject when the id was written less than a second ago: try again later. */
  put<Kind extends keyof PublishedIdentities>(
    kind: Kind,
    id: string,
    record: PublishedIdentities[Kind],
  ): Promise<void>
  delete(kind: keyof PublishedIdentities, id: string): Promise<void>
}
