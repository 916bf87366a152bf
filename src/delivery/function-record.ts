import {
  FunctionRecord,
  type ConfigurationChanges,
  type FunctionDraft,
} from '../aws/function-configuration.ts'
import { awsTimestamp } from '../aws/timestamp.ts'
import type { Sql, SqlValue } from '../ports/sql.ts'
import type { StoredObjects } from './stored-objects.ts'

/**
 * How long replaced code stays: a URL lives 600 s, may have been signed from a copy of the record
 * that was 60 s old, and a call of at most 60 s may still be loading it.
 */
const SUPERSEDED_MILLISECONDS = 15 * 60 * 1000

interface Change {
  newId: string
  nowMilliseconds: number
}

/** The authoritative record of one function, and what is still to be done because it changed. */
export class FunctionRecordStore {
  readonly #sql: Sql
  readonly #objects: StoredObjects
  /** The row as it was last read, until it is written to: every event asks for it. */
  #known: Record<string, SqlValue> | undefined
  /** The record as it was last parsed, and its text. */
  #parsed: { text: string; record: FunctionRecord } | undefined

  constructor(sql: Sql, objects: StoredObjects) {
    this.#sql = sql
    this.#objects = objects
    sql.all(
      `CREATE TABLE IF NOT EXISTS function (
         one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL, record TEXT,
         version INTEGER NOT NULL, published_version INTEGER NOT NULL)`,
    )
  }

  /** `undefined` when the function was never uploaded, or was deleted. */
  current(): FunctionRecord | undefined {
    const text = this.#row()?.record
    if (typeof text !== 'string') return undefined
    if (this.#parsed?.text !== text) {
      this.#parsed = { text, record: FunctionRecord.parse(JSON.parse(text)) }
    }
    return this.#parsed.record
  }

  /** The name, also of a function that was deleted since. */
  functionName(): string | undefined {
    const name = this.#row()?.name
    return typeof name === 'string' ? name : undefined
  }

  upload(draft: FunctionDraft, codeKey: string, change: Change): FunctionRecord {
    return this.#sql.transaction(() => {
      // An upload that took so long that it was given up: its object is about to go.
      if (this.#objects.isCondemned(codeKey)) throw new Error(`${codeKey} was given up`)
      this.#supersedeCurrent(change.nowMilliseconds)
      const configuration = { ...draft, ...stamp(change) }
      return this.#write(draft.FunctionName, { configuration, codeKey })
    })
  }

  updateConfiguration(changes: ConfigurationChanges, change: Change): FunctionRecord | undefined {
    return this.#sql.transaction(() => {
      const old = this.current()
      if (old === undefined) return undefined
      const given = Object.fromEntries(
        Object.entries(changes).filter(([, value]) => value !== undefined),
      )
      const configuration = { ...old.configuration, ...given, ...stamp(change) }
      return this.#write(configuration.FunctionName, { ...old, configuration })
    })
  }

  /** Whether there was a function to delete. */
  delete(nowMilliseconds: number): boolean {
    return this.#sql.transaction(() => {
      if (this.current() === undefined) return false
      this.#supersedeCurrent(nowMilliseconds)
      this.#change('UPDATE function SET record = NULL, version = version + 1')
      return true
    })
  }

  /** What the function store does not show yet. */
  unpublished(): number | undefined {
    const row = this.#row()
    if (row === undefined || row.version === row.published_version) return undefined
    return Number(row.version)
  }

  markPublished(version: number): void {
    this.#change('UPDATE function SET published_version = ?', version)
  }

  #row() {
    this.#known ??= this.#sql.all(
      'SELECT name, record, version, published_version FROM function',
    )[0]
    return this.#known
  }

  #change(statement: string, ...bindings: SqlValue[]): void {
    this.#known = undefined
    this.#sql.all(statement, ...bindings)
  }

  #write(functionName: string, record: FunctionRecord): FunctionRecord {
    this.#change(
      `INSERT INTO function (one, name, record, version, published_version) VALUES (1, ?, ?, 1, 0)
       ON CONFLICT (one) DO UPDATE SET record = excluded.record, version = version + 1`,
      functionName,
      JSON.stringify(record),
    )
    return record
  }

  #supersedeCurrent(nowMilliseconds: number): void {
    const old = this.current()
    if (old !== undefined) {
      this.#objects.condemn(old.codeKey, nowMilliseconds + SUPERSEDED_MILLISECONDS)
    }
  }
}

/** The id names code and configuration together, so every change of either makes a new one. */
function stamp({ newId, nowMilliseconds }: Change) {
  return { ConfigurationId: newId, LastModified: awsTimestamp(nowMilliseconds) }
}
