import type { LogGroupRecord } from '../ports/log-group-index.ts'
import type { Sql, SqlValue } from '../ports/sql.ts'

/** The authoritative record of one log group, and what is still to be done for it. */
export class LogGroupRecordStore {
  readonly #sql: Sql
  #isOpen: boolean
  /** The row as it was last read, until it is written to; but for the bytes that are counted. */
  #known: Record<string, SqlValue> | undefined

  constructor(sql: Sql) {
    this.#sql = sql
    this.#isOpen = isTableThere(sql)
  }

  /** `undefined` when there is no such group: to ask for one does not make it. */
  current(): LogGroupRecord | undefined {
    const row = this.#row()
    if (row === undefined || row.created_at === null) return undefined
    return {
      logGroupName: String(row.name),
      createdMilliseconds: Number(row.created_at),
      ...(row.retention_days === null ? {} : { retentionDays: Number(row.retention_days) }),
      storedBytes: Number(row.shown_bytes),
    }
  }

  create(logGroupName: string, nowMilliseconds: number): void {
    this.#sql.all(
      `CREATE TABLE IF NOT EXISTS log_group (
         one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL, created_at INTEGER,
         retention_days INTEGER, stored_bytes INTEGER NOT NULL, shown_bytes INTEGER NOT NULL,
         tend_at INTEGER, version INTEGER NOT NULL, published_version INTEGER NOT NULL)`,
    )
    this.#isOpen = true
    this.#write(
      `INSERT INTO log_group VALUES (1, ?, ?, NULL, 0, 0, NULL, 1, 0)
       ON CONFLICT (one) DO UPDATE SET created_at = excluded.created_at, version = version + 1`,
      logGroupName,
      nowMilliseconds,
    )
  }

  /** Keeps the name: the index has to be told of the deletion. */
  delete(): void {
    this.#write(
      `UPDATE log_group SET created_at = NULL, retention_days = NULL, stored_bytes = 0,
         shown_bytes = 0, tend_at = NULL, version = version + 1`,
    )
  }

  setRetention(days: number | undefined): void {
    this.#write('UPDATE log_group SET retention_days = ?, version = version + 1', days ?? null)
  }

  /** Counts bytes in or, below zero, out; answers how many there are now. */
  count(bytes: number): number {
    const [row] = this.#sql.all(
      'UPDATE log_group SET stored_bytes = MAX(stored_bytes + ?, 0) RETURNING stored_bytes',
      bytes,
    )
    return Number(row?.stored_bytes ?? 0)
  }

  /** Shows the bytes as they are counted now. */
  showBytes(): void {
    this.#write(
      `UPDATE log_group SET shown_bytes = stored_bytes, version = version + 1
       WHERE shown_bytes <> stored_bytes`,
    )
  }

  /** When the group is to be looked after next. */
  tendAt(): number | undefined {
    const at = this.#row()?.tend_at
    return typeof at === 'number' ? at : undefined
  }

  setTendAt(atMilliseconds: number | undefined): void {
    this.#write('UPDATE log_group SET tend_at = ?', atMilliseconds ?? null)
  }

  /** What the index does not show yet. */
  unpublished(): number | undefined {
    const row = this.#row()
    if (row === undefined || row.version === row.published_version) return undefined
    return Number(row.version)
  }

  markPublished(version: number): void {
    this.#write('UPDATE log_group SET published_version = ?', version)
  }

  /** Reads anew what is asked for next: a transaction was rolled back. */
  forget(): void {
    this.#known = undefined
    this.#isOpen = isTableThere(this.#sql)
  }

  #write(statement: string, ...bindings: SqlValue[]): void {
    this.#known = undefined
    this.#sql.all(statement, ...bindings)
  }

  /** Every line that is written asks for it several times. */
  #row(): Record<string, SqlValue> | undefined {
    if (!this.#isOpen) return undefined
    this.#known ??= this.#sql.all('SELECT * FROM log_group')[0]
    return this.#known
  }
}

function isTableThere(sql: Sql): boolean {
  return sql.all(`SELECT name FROM sqlite_master WHERE name = 'log_group'`).length > 0
}
