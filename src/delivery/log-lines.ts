import type { LogEntry, LogEvent, LogQuery } from '../ports/log-groups.ts'
import type { Sql } from '../ports/sql.ts'

/** The lines of one log group, in the order they were written. */
export class LogLines {
  readonly #sql: Sql
  #exists: boolean

  constructor(sql: Sql) {
    this.#sql = sql
    this.#exists = sql.all(`SELECT name FROM sqlite_master WHERE name = 'lines'`).length > 0
  }

  append(logStreamName: string, entries: LogEntry[], ingestionMilliseconds: number): void {
    this.#create()
    this.#sql.transaction(() => {
      for (const { timestampMilliseconds, message } of entries) {
        this.#sql.all(
          'INSERT INTO lines (timestamp, stream, ingestion, message) VALUES (?, ?, ?, ?)',
          timestampMilliseconds,
          logStreamName,
          ingestionMilliseconds,
          message,
        )
      }
    })
  }

  /** `undefined` when nothing was ever written: to look at a group does not make it. */
  read(query: LogQuery): LogEvent[] | undefined {
    if (!this.#exists) return undefined
    const [beyond, order] = query.isReversed === true ? ['<', 'DESC'] : ['>', 'ASC']
    const farthest = query.isReversed === true ? Number.MAX_SAFE_INTEGER : -1
    const after = query.after ?? { timestampMilliseconds: farthest, id: farthest }
    const prefix = query.logStreamNamePrefix ?? ''
    const rows = this.#sql.all(
      `SELECT id, timestamp, stream, ingestion, message FROM lines
       WHERE timestamp >= ? AND timestamp < ? AND (timestamp, id) ${beyond} (?, ?)
         AND (? = '' OR stream IN (SELECT value FROM json_each(?)))
         AND substr(stream, 1, ?) = ?
       ORDER BY timestamp ${order}, id ${order} LIMIT ?`,
      query.startMilliseconds ?? 0,
      query.endMilliseconds ?? Number.MAX_SAFE_INTEGER,
      after.timestampMilliseconds,
      after.id,
      query.logStreamNames === undefined ? '' : 'some',
      JSON.stringify(query.logStreamNames ?? []),
      prefix.length,
      prefix,
      query.limit,
    )
    return rows.map((row) => ({
      id: Number(row.id),
      timestampMilliseconds: Number(row.timestamp),
      logStreamName: String(row.stream),
      ingestionMilliseconds: Number(row.ingestion),
      message: String(row.message),
    }))
  }

  #create(): void {
    if (this.#exists) return
    this.#sql.all(
      `CREATE TABLE lines (
         id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER NOT NULL, stream TEXT NOT NULL,
         ingestion INTEGER NOT NULL, message TEXT NOT NULL)`,
    )
    this.#sql.all('CREATE INDEX lines_time ON lines (timestamp, id)')
    this.#exists = true
  }
}
