import { logFault } from '../../aws/log-fault.ts'
import type { PublishedIdentities } from '../../ports/identity-store.ts'
import type { Sql } from '../../ports/sql.ts'

type Kind = keyof PublishedIdentities

/** What the identity store does not show yet: written down with the change, struck out when shown. */
export class Publications {
  readonly #sql: Sql
  readonly #publishOne: (kind: Kind, id: string) => Promise<void>
  #publishing: Promise<void> | undefined

  constructor(sql: Sql, publishOne: (kind: Kind, id: string) => Promise<void>) {
    this.#sql = sql
    this.#publishOne = publishOne
    sql.all(
      `CREATE TABLE IF NOT EXISTS publications (
         kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (kind, id))`,
    )
  }

  /** To be called in the transaction of the change. */
  add(kind: Kind, id: string): void {
    this.#sql.all(
      `INSERT INTO publications VALUES (?, ?, 1)
       ON CONFLICT (kind, id) DO UPDATE SET version = version + 1`,
      kind,
      id,
    )
  }

  isEmpty(): boolean {
    return this.#sql.all('SELECT 1 FROM publications LIMIT 1').length === 0
  }

  /** Cannot reject: what the store refuses stays to be done. */
  async publish(): Promise<void> {
    // Whoever comes while this is going on changed something before: it waits for a round after.
    await this.#publishing
    if (this.isEmpty()) return
    this.#publishing ??= this.#publishAll().finally(() => (this.#publishing = undefined))
    await this.#publishing
  }

  async #publishAll(): Promise<void> {
    for (const row of this.#sql.all('SELECT kind, id, version FROM publications')) {
      const kind = row.kind === 'role' ? 'role' : 'access-key'
      const id = String(row.id)
      try {
        await this.#publishOne(kind, id)
      } catch (error) {
        logFault('identity not published', { kind, id }, error)
        continue
      }
      this.#sql.all(
        'DELETE FROM publications WHERE kind = ? AND id = ? AND version = ?',
        kind,
        id,
        Number(row.version),
      )
    }
  }
}
