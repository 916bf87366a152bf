import type { Sql, SqlValue } from '../../ports/sql.ts'
import type { Stream } from '../../ports/streams.ts'

/** The authoritative record of one stream's name, and what the index does not show yet. */
export class StreamRecordStore {
  readonly #sql: Sql
  #isOpen: boolean

  constructor(sql: Sql) {
    this.#sql = sql
    this.#isOpen = sql.all(`SELECT name FROM sqlite_master WHERE name = 'stream'`).length > 0
  }

  /** `undefined` when there is no such stream: to ask for one does not make it. */
  current(): Stream | undefined {
    const row = this.#row()
    if (row === undefined || row.status === null) return undefined
    return {
      streamName: String(row.name),
      incarnation: String(row.incarnation),
      status: String(row.status) as Stream['status'],
      shardCount: Number(row.shard_count),
      createdAtMilliseconds: Number(row.created_at),
    }
  }

  /** A new incarnation, in a later second than the last one. */
  create(streamName: string, shardCount: number, incarnation: string, now: number): Stream {
    this.#sql.all(
      `CREATE TABLE IF NOT EXISTS stream (
         one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL, incarnation TEXT NOT NULL,
         status TEXT, shard_count INTEGER NOT NULL, created_at INTEGER NOT NULL,
         version INTEGER NOT NULL, published_version INTEGER NOT NULL)`,
    )
    this.#isOpen = true
    const lastSecond = Math.floor(Number(this.#row()?.created_at ?? 0) / 1000)
    const createdAtMilliseconds = Math.max(now, (lastSecond + 1) * 1000)
    this.#sql.all(
      `INSERT INTO stream VALUES (1, ?, ?, 'CREATING', ?, ?, 1, 0)
       ON CONFLICT (one) DO UPDATE SET incarnation = excluded.incarnation, status = 'CREATING',
         shard_count = excluded.shard_count, created_at = excluded.created_at,
         version = version + 1`,
      streamName,
      incarnation,
      shardCount,
      createdAtMilliseconds,
    )
    return { streamName, incarnation, status: 'CREATING', shardCount, createdAtMilliseconds }
  }

  setStatus(status: Stream['status']): void {
    this.#sql.all('UPDATE stream SET status = ?', status)
  }

  /** Keeps the name and the time: the index has to be told, and the next stream comes later. */
  delete(): void {
    this.#sql.all('UPDATE stream SET status = NULL, version = version + 1')
  }

  unpublished(): number | undefined {
    const row = this.#row()
    if (row === undefined || row.version === row.published_version) return undefined
    return Number(row.version)
  }

  markPublished(version: number): void {
    this.#sql.all('UPDATE stream SET published_version = ?', version)
  }

  #row(): Record<string, SqlValue> | undefined {
    return this.#isOpen ? this.#sql.all('SELECT * FROM stream')[0] : undefined
  }
}
