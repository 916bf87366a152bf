import { EventSourceConfiguration } from '../aws/event-source-configuration.ts'
import type { Sql } from '../ports/sql.ts'

/** The authoritative record of one mapping, and what the index does not show of it yet. */
export class MappingRecordStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
    sql.all(
      `CREATE TABLE IF NOT EXISTS mapping (
         one INTEGER PRIMARY KEY CHECK (one = 1), record TEXT NOT NULL,
         is_removed INTEGER NOT NULL, fault TEXT, version INTEGER NOT NULL,
         published_version INTEGER NOT NULL)`,
    )
  }

  /** `undefined` when the pair was never mapped, or its mapping was removed. */
  current(): EventSourceConfiguration | undefined {
    return this.#row()?.is_removed === 0 ? this.last() : undefined
  }

  /** The mapping as it is, or as it was when it was removed. */
  last(): EventSourceConfiguration | undefined {
    const text = this.#row()?.record
    return typeof text === 'string' ? EventSourceConfiguration.parse(JSON.parse(text)) : undefined
  }

  write(record: EventSourceConfiguration): void {
    this.#sql.all(
      `INSERT INTO mapping (one, record, is_removed, version, published_version)
       VALUES (1, ?, 0, 1, 0)
       ON CONFLICT (one) DO UPDATE
       SET record = excluded.record, is_removed = 0, version = version + 1`,
      JSON.stringify(record),
    )
  }

  /** What is wrong with the whole mapping. */
  fault(): string | undefined {
    const fault = this.#row()?.fault
    return typeof fault === 'string' ? fault : undefined
  }

  setFault(fault: string | undefined): void {
    this.#sql.all('UPDATE mapping SET fault = ?', fault ?? null)
  }

  remove(): void {
    this.#sql.all('UPDATE mapping SET is_removed = 1, version = version + 1')
  }

  unpublished(): number | undefined {
    const row = this.#row()
    if (row === undefined || row.version === row.published_version) return undefined
    return Number(row.version)
  }

  markPublished(version: number): void {
    this.#sql.all('UPDATE mapping SET published_version = ?', version)
  }

  #row() {
    return this.#sql.all(
      'SELECT record, is_removed, fault, version, published_version FROM mapping',
    )[0]
  }
}
