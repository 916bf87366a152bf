import type { LogStream, LogStreamPage, LogStreamQuery } from '../ports/log-groups.ts'
import type { Sql, SqlValue } from '../ports/sql.ts'
import { firstIdAt, timeOfId } from './log-ids.ts'

/** What was written to a stream at once. */
interface Written {
  firstId: number
  lastId: number
  ingestionMilliseconds: number
}

/** Comes after every text that begins with what is in front of it: SQLite compares the bytes. */
const AFTER_ALL = '\u{10ffff}'

/** The streams of one log group: what is told of them without a look at their lines. */
export class LogStreams {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  static createTables(sql: Sql): void {
    sql.all(
      `CREATE TABLE IF NOT EXISTS log_streams (
         id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL,
         first_id INTEGER NOT NULL, last_id INTEGER NOT NULL, ingested_at INTEGER NOT NULL)`,
    )
    sql.all('CREATE INDEX IF NOT EXISTS log_streams_last ON log_streams (last_id)')
  }

  /** The stream's number, under which its lines are kept. */
  write(name: string, { firstId, lastId, ingestionMilliseconds }: Written): number {
    const [row] = this.#sql.all(
      `INSERT INTO log_streams (name, created_at, first_id, last_id, ingested_at)
       VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET last_id = excluded.last_id,
         ingested_at = excluded.ingested_at
       RETURNING id`,
      name,
      timeOfId(firstId),
      firstId,
      lastId,
      ingestionMilliseconds,
    )
    return Number(row?.id)
  }

  numberOf(name: string): number | undefined {
    const [row] = this.#sql.all('SELECT id FROM log_streams WHERE name = ?', name)
    return row === undefined ? undefined : Number(row.id)
  }

  nameOf(number: number): string {
    return String(this.#sql.all('SELECT name FROM log_streams WHERE id = ?', number)[0]?.name)
  }

  /** Streams whose names begin so, without those that have nothing new since `startMilliseconds`. */
  numbersOf(prefix: string, startMilliseconds: number): number[] {
    const rows = this.#sql.all(
      'SELECT id FROM log_streams WHERE name >= ? AND name < ? AND last_id >= ?',
      prefix,
      prefix + AFTER_ALL,
      firstIdAt(startMilliseconds),
    )
    return rows.map((row) => Number(row.id))
  }

  list(query: LogStreamQuery): LogStreamPage {
    const rows = query.orderBy === 'name' ? this.#byName(query) : this.#byLastEvent(query)
    const shown = rows.slice(0, query.limit)
    const streams = shown.map(toStream)
    const last = shown.at(-1)
    if (rows.length === shown.length || last === undefined) return { streams }
    return { streams, next: String(query.orderBy === 'name' ? last.name : last.last_id) }
  }

  /** Forgets streams of which every line was deleted. */
  forgetUntil(id: number): void {
    this.#sql.all('DELETE FROM log_streams WHERE last_id <= ?', id)
  }

  #byName({ prefix = '', after, isReversed, limit }: LogStreamQuery) {
    const first = isReversed ? prefix : (after ?? prefix)
    const end = isReversed ? (after ?? prefix + AFTER_ALL) : prefix + AFTER_ALL
    // What goes on after a name leaves that name out; a prefix may be a whole name.
    const isFrom = isReversed || after === undefined ? '>=' : '>'
    return this.#select(`name ${isFrom} ? AND name < ?`, 'name', isReversed, [
      first,
      end,
      limit + 1,
    ])
  }

  #byLastEvent({ after, isReversed, limit }: LogStreamQuery) {
    const farthest = isReversed ? Number.MAX_SAFE_INTEGER : -1
    const beyond = isReversed ? '<' : '>'
    const from = after === undefined ? farthest : Number(after)
    return this.#select(`last_id ${beyond} ?`, 'last_id', isReversed, [from, limit + 1])
  }

  #select(where: string, order: string, isReversed: boolean, bindings: SqlValue[]) {
    return this.#sql.all(
      `SELECT name, created_at, first_id, last_id, ingested_at FROM log_streams
       WHERE ${where} ORDER BY ${order} ${isReversed ? 'DESC' : 'ASC'} LIMIT ?`,
      ...bindings,
    )
  }
}

function toStream(row: Record<string, SqlValue>): LogStream {
  return {
    name: String(row.name),
    createdMilliseconds: Number(row.created_at),
    firstEventMilliseconds: timeOfId(Number(row.first_id)),
    lastEventMilliseconds: timeOfId(Number(row.last_id)),
    lastIngestionMilliseconds: Number(row.ingested_at),
  }
}
