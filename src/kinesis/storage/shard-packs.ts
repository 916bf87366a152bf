import type { RecordPack, StoredPack } from '../../ports/shards.ts'
import type { Sql, SqlValue } from '../../ports/sql.ts'

/** A pack without its records. */
export interface PackHead {
  firstIndex: number
  records: number
  arrivedAtMilliseconds: number
  bytes: number
}

/** The packs of one shard, a row each, by the index of their first record. Between them is no gap. */
export class ShardPacks {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  createTable(): void {
    // The body stands last: to look at the rest of a row, SQLite need not read it.
    this.#sql.all(
      `CREATE TABLE packs (
         first_index INTEGER PRIMARY KEY, records INTEGER NOT NULL, arrived_at INTEGER NOT NULL,
         bytes INTEGER NOT NULL, body TEXT NOT NULL)`,
    )
  }

  dropTable(): void {
    this.#sql.all('DROP TABLE packs')
  }

  insert(firstIndex: number, pack: RecordPack, arrivedAtMilliseconds: number): void {
    const { records, bytes, body } = pack
    this.#sql.all(
      'INSERT INTO packs VALUES (?, ?, ?, ?, ?)',
      firstIndex,
      records,
      arrivedAtMilliseconds,
      bytes,
      body,
    )
  }

  deleteUntil(firstIndex: number): void {
    this.#sql.all('DELETE FROM packs WHERE first_index <= ?', firstIndex)
  }

  oldest(limit = 1): PackHead[] {
    return this.#heads('ORDER BY first_index LIMIT ?', limit)
  }

  /** The heads of the packs with records from `index` on, `limit` of them. */
  headsFrom(index: number, limit: number): PackHead[] {
    const first = this.#holding(index)
    if (first === undefined || first.firstIndex + first.records <= index) return []
    const heads = this.#heads(
      'WHERE first_index >= ? ORDER BY first_index LIMIT ?',
      first.firstIndex,
      limit,
    )
    return heads.filter((head) => head.firstIndex < index + limit)
  }

  /** Packs as they are read, from one first index to another. */
  read(firstIndex: number, lastIndex: number): StoredPack[] {
    return this.#sql
      .all(
        `SELECT first_index, arrived_at, body FROM packs WHERE first_index BETWEEN ? AND ?
         ORDER BY first_index`,
        firstIndex,
        lastIndex,
      )
      .map((row) => ({
        firstIndex: Number(row.first_index),
        arrivedAtMilliseconds: Number(row.arrived_at),
        body: String(row.body),
      }))
  }

  /**
   * The first index that arrived at or after a time, below `nextIndex`. Times never go back, so the
   * packs can be halved, and need no index of times.
   */
  since(atMilliseconds: number, nextIndex: number): number {
    let low = this.oldest()[0]?.firstIndex ?? nextIndex
    let high = nextIndex
    while (low < high) {
      const pack = this.#holding(Math.floor((low + high) / 2))
      if (pack === undefined) break
      if (pack.arrivedAtMilliseconds >= atMilliseconds) high = pack.firstIndex
      else low = pack.firstIndex + pack.records
    }
    return low
  }

  #holding(index: number): PackHead | undefined {
    return this.#heads('WHERE first_index <= ? ORDER BY first_index DESC LIMIT 1', index)[0]
  }

  #heads(which: string, ...bindings: SqlValue[]): PackHead[] {
    return this.#sql
      .all(`SELECT first_index, records, arrived_at, bytes FROM packs ${which}`, ...bindings)
      .map((row) => ({
        firstIndex: Number(row.first_index),
        records: Number(row.records),
        arrivedAtMilliseconds: Number(row.arrived_at),
        bytes: Number(row.bytes),
      }))
  }
}
