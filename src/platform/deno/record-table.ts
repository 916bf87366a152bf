import type { Sql } from '../../ports/sql.ts'
import type { DiskSync } from './disk-sync.ts'

export interface RecordPage<Shown> {
  records: Shown[]
  cursor?: string
}

/** Records by their keys, in a table of `gateway.db`. */
export interface RecordTable<Shown> {
  get(key: string): Promise<Shown | undefined>
  /** At most `limit` of the keys that begin with `prefix`, in their order, after `cursor`. */
  list(prefix: string, limit: number, cursor?: string): Promise<RecordPage<Shown>>
  put(key: string, record: Shown): Promise<void>
  delete(key: string): Promise<void>
}

/** Above every key that begins with the prefix: SQLite compares texts by their bytes. */
const LAST_CHARACTER = '\u{10FFFF}'

/**
 * What actors publish. Two databases are not synced together: so what an actor has in its own is on
 * the disk before the copy of it is written, whether or not anybody else waits for it, and the copy
 * before the actor notes that it was.
 */
export function recordTable<Shown>(
  sql: Sql,
  disk: DiskSync,
  table: 'functions' | 'identities' | 'log_groups' | 'streams',
  parse: (value: unknown) => Shown,
): RecordTable<Shown> {
  const read = (text: unknown) => parse(JSON.parse(String(text)))
  // An async function rejects where SQLite throws.
  /* eslint-disable @typescript-eslint/require-await */
  return {
    async get(key) {
      const [row] = sql.all(`SELECT record FROM ${table} WHERE key = ?`, key)
      return row === undefined ? undefined : read(row.record)
    },
    async list(prefix, limit, cursor = '') {
      const rows = sql.all(
        `SELECT key, record FROM ${table} WHERE key >= ? AND key < ? AND key > ?
         ORDER BY key LIMIT ?`,
        prefix,
        prefix + LAST_CHARACTER,
        cursor,
        limit + 1,
      )
      const page = rows.slice(0, limit)
      const records = page.map((row) => read(row.record))
      const last = page.at(-1)
      return rows.length > page.length && last !== undefined
        ? { records, cursor: String(last.key) }
        : { records }
    },
    async put(key, record) {
      await disk.allSynced()
      sql.all(
        `INSERT INTO ${table} VALUES (?, ?)
         ON CONFLICT (key) DO UPDATE SET record = excluded.record`,
        key,
        JSON.stringify(record),
      )
      await disk.synced()
    },
    async delete(key) {
      await disk.allSynced()
      sql.all(`DELETE FROM ${table} WHERE key = ?`, key)
      await disk.synced()
    },
  }
}
