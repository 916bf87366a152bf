import { logFault } from '../aws/log-fault.ts'
import type { CodeStore } from '../ports/code-store.ts'
import type { Sql, SqlValue } from '../ports/sql.ts'

/** An object that nothing refers to may be one that an upload is about to. */
const ORPHAN_MILLISECONDS = 60 * 60 * 1000
/** No request takes longer: what was announced is stored by then, or never will be. */
const LONGEST_UPLOAD_MILLISECONDS = 24 * 60 * 60 * 1000
/** A message that carries a payload's key may wait in a queue for 14 days (Queues' limits). */
const QUEUED_MILLISECONDS = 14 * 24 * 60 * 60 * 1000
/** After this, what the store refused to do is tried again. */
const AGAIN_MILLISECONDS = 60_000

/** So many are deleted at once, and no more before the actor has looked after its events again. */
const DELETED_AT_ONCE = 20

/** What the function's actor still needs, besides what is condemned already. */
export interface References {
  hasCode: (codeKey: string) => boolean
  /** Whether the event itself was taken over, so that its payload need not lie in the store. */
  hasEvent: (requestId: string) => boolean
}

/**
 * What lies in the code store for one function: which objects go when, and when to look for more.
 * Every object is announced before it is stored, and so is found, whoever dies between two writes.
 */
export class StoredObjects {
  readonly #sql: Sql
  readonly #code: Pick<CodeStore, 'delete' | 'list'>
  /** As `nextDue` last found it, until something is written: every event asks for it. */
  #nextDue: number | undefined

  constructor(sql: Sql, code: Pick<CodeStore, 'delete' | 'list'>) {
    this.#sql = sql
    this.#code = code
    sql.all(
      `CREATE TABLE IF NOT EXISTS condemned (key TEXT PRIMARY KEY, delete_at INTEGER NOT NULL)`,
    )
    sql.all(
      `CREATE TABLE IF NOT EXISTS sweep (
         one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL,
         expected_at INTEGER NOT NULL, sweep_at INTEGER)`,
    )
  }

  /** Objects of this function may be stored from now on. */
  expect(functionName: string, nowMilliseconds: number): void {
    this.#change(
      `INSERT INTO sweep (one, name, expected_at, sweep_at) VALUES (1, ?, ?, ?)
       ON CONFLICT (one) DO UPDATE SET expected_at = excluded.expected_at,
         sweep_at = MIN(COALESCE(sweep_at, excluded.sweep_at), excluded.sweep_at)`,
      functionName,
      nowMilliseconds,
      nowMilliseconds + ORPHAN_MILLISECONDS,
    )
  }

  /** Lets go of an object, which is deleted at that time. */
  condemn(key: string, deleteAtMilliseconds: number): void {
    this.#change(
      'INSERT OR REPLACE INTO condemned (key, delete_at) VALUES (?, ?)',
      key,
      deleteAtMilliseconds,
    )
  }

  isCondemned(key: string): boolean {
    return this.#sql.all('SELECT 1 FROM condemned WHERE key = ?', key).length > 0
  }

  /** When the next object may go, or the next sweep is due; `Infinity` when there is neither. */
  nextDue(): number {
    if (this.#nextDue !== undefined) return this.#nextDue
    const [row] = this.#sql.all(
      `SELECT MIN(at) AS at FROM (
         SELECT MIN(delete_at) AS at FROM condemned UNION ALL SELECT sweep_at FROM sweep)`,
    )
    this.#nextDue = typeof row?.at === 'number' ? row.at : Infinity
    return this.#nextDue
  }

  #change(statement: string, ...bindings: SqlValue[]): void {
    this.#nextDue = undefined
    this.#sql.all(statement, ...bindings)
  }

  /** Does a part of what is due. What the store refuses is due again later; cannot reject. */
  async clean(references: References, nowMilliseconds: number): Promise<void> {
    await this.#sweep(references, nowMilliseconds)
    const rows = this.#sql.all(
      'SELECT key FROM condemned WHERE delete_at <= ? ORDER BY delete_at LIMIT ?',
      nowMilliseconds,
      DELETED_AT_ONCE,
    )
    await Promise.all(rows.map((row) => this.#delete(String(row.key), nowMilliseconds)))
  }

  async #delete(key: string, now: number): Promise<void> {
    try {
      await this.#code.delete(key)
      this.#change('DELETE FROM condemned WHERE key = ?', key)
    } catch (error) {
      logFault('object not deleted', { key }, error)
      this.condemn(key, now + AGAIN_MILLISECONDS)
    }
  }

  async #sweep(references: References, now: number): Promise<void> {
    const [row] = this.#sql.all('SELECT name FROM sweep WHERE sweep_at <= ?', now)
    if (row === undefined) return
    const name = String(row.name)
    this.#sweepNextAt(now + AGAIN_MILLISECONDS)
    try {
      const nextOrphanAt = await this.#condemnOrphans(name, references, now)
      this.#sweepNextAt(Math.min(nextOrphanAt, this.#lookAgainAt(now)))
    } catch (error) {
      logFault('objects not swept', { functionName: name }, error)
    }
  }

  /** When the next of the others will be one. */
  async #condemnOrphans(name: string, references: References, now: number): Promise<number> {
    let nextAt = Infinity
    for await (const { key, uploadedAtMilliseconds } of this.#objectsOf(name)) {
      const lifetime = this.#lifetimeOf(key, references)
      if (lifetime === undefined) continue
      const orphanAt = uploadedAtMilliseconds + lifetime
      if (orphanAt <= now) this.condemn(key, now)
      else nextAt = Math.min(nextAt, orphanAt)
    }
    return nextAt
  }

  async *#objectsOf(name: string) {
    yield* this.#code.list(`code/${name}/`)
    yield* this.#code.list(`payload/${name}/`)
  }

  /** For how long an object stays after its upload; `undefined` when that is settled already. */
  #lifetimeOf(key: string, { hasCode, hasEvent }: References): number | undefined {
    if (this.isCondemned(key)) return undefined
    if (!key.startsWith('payload/')) return hasCode(key) ? undefined : ORPHAN_MILLISECONDS
    const requestId = key.slice(key.lastIndexOf('/') + 1)
    return hasEvent(requestId) ? ORPHAN_MILLISECONDS : QUEUED_MILLISECONDS
  }

  /** Read anew, because more may have been announced during the sweep. */
  #lookAgainAt(now: number): number {
    const [row] = this.#sql.all('SELECT expected_at FROM sweep')
    const expectedAt = Number(row?.expected_at)
    const looks = [ORPHAN_MILLISECONDS, LONGEST_UPLOAD_MILLISECONDS].map((age) => expectedAt + age)
    return looks.find((at) => at > now) ?? Infinity
  }

  #sweepNextAt(at: number): void {
    this.#change('UPDATE sweep SET sweep_at = ?', at === Infinity ? null : at)
  }
}
