import { encodeUtf8, utf8Length } from '../aws/utf8.ts'
import type { LogPart } from '../ports/log-groups.ts'
import type { Sql, SqlValue } from '../ports/sql.ts'
import { inOrderOfTimes, timeOfId, withIds, type NumberedLine } from './log-ids.ts'
import type { LogStreams } from './log-streams.ts'

/** What CloudWatch counts for an event besides its message. */
export const EVENT_OVERHEAD_BYTES = 26
/** The longest event that CloudWatch takes is 256 KB. */
const MAX_MESSAGE_BYTES = 256 * 1024 - EVENT_OVERHEAD_BYTES
/** A Durable Object's SQL takes 100 bound values a statement: four for each line, one for all. */
const LINES_PER_STATEMENT = 24
/** So that those who write need not wait long. */
const LINES_DELETED_AT_ONCE = 10_000

export interface StoredLine {
  id: number
  stream: number
  ingestionMilliseconds: number
  bytes: number
  message: string
}

/** The part of a log between two ids, both left out. */
export interface IdSpan {
  low: number
  high: number
  isReversed: boolean
}

/** The lines of one log group, under ids that are in the order of their writing and their times. */
export class LogLines {
  readonly #sql: Sql
  readonly #streams: LogStreams
  /** The id that was given last, until `forget`: every call's lines go on from it. */
  #newestId: number | undefined

  constructor(sql: Sql, streams: LogStreams) {
    this.#sql = sql
    this.#streams = streams
  }

  static createTables(sql: Sql): void {
    sql.all(
      `CREATE TABLE IF NOT EXISTS log_lines (
         id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, ingested_at INTEGER NOT NULL,
         bytes INTEGER NOT NULL, message TEXT NOT NULL)`,
    )
    // An index ends in the primary key, so this one has a stream's lines in their order.
    sql.all('CREATE INDEX IF NOT EXISTS log_lines_stream ON log_lines (stream)')
  }

  /** Answers how many bytes were stored. */
  append(parts: readonly LogPart[], nowMilliseconds: number): number {
    const numbered = withIds(this.#newestId ?? this.#edge('DESC'), inOrderOfTimes(parts))
    const last = numbered.at(-1)
    if (last === undefined) return 0
    // No event is taken in before its time: awslogs passes streams over that say so.
    const ingestionMilliseconds = Math.max(nowMilliseconds, timeOfId(last.id))
    const streams = this.#writeStreams(numbered, ingestionMilliseconds)
    const lines = numbered.map((line) => ({ ...line, ...sized(line.message) }))
    for (let at = 0; at < lines.length; at += LINES_PER_STATEMENT) {
      const some = lines.slice(at, at + LINES_PER_STATEMENT)
      this.#sql.all(
        `INSERT INTO log_lines (ingested_at, id, stream, bytes, message)
         VALUES ${some.map((_, i) => rowAt(2 + 4 * i)).join(', ')}`,
        ingestionMilliseconds,
        ...some.flatMap(({ id, logStreamName, bytes, message }) => [
          id,
          streams.get(logStreamName) ?? null,
          bytes,
          message,
        ]),
      )
    }
    this.#newestId = last.id
    return lines.reduce((total, { bytes }) => total + bytes + EVENT_OVERHEAD_BYTES, 0)
  }

  /** The numbers of the streams that these lines are of. */
  #writeStreams(lines: readonly NumberedLine[], ingestionMilliseconds: number) {
    const written = new Map<string, { firstId: number; lastId: number }>()
    for (const { id, logStreamName } of lines) {
      const stream = written.get(logStreamName)
      if (stream === undefined) written.set(logStreamName, { firstId: id, lastId: id })
      else stream.lastId = id
    }
    const numbers = new Map<string, number>()
    for (const [name, ids] of written) {
      numbers.set(name, this.#streams.write(name, { ...ids, ingestionMilliseconds }))
    }
    return numbers
  }

  /** Reads anew what is stored: a transaction was rolled back, or all is gone. */
  forget(): void {
    this.#newestId = undefined
  }

  /** Lines of a span, of one stream or of all; a few at a time, as they are asked for. */
  *iterate(span: IdSpan, stream?: number): Generator<StoredLine, undefined> {
    const where = stream === undefined ? '' : 'stream = ? AND'
    const order = span.isReversed ? 'DESC' : 'ASC'
    let { low, high } = span
    for (let limit = 16; ; limit = Math.min(limit * 2, 256)) {
      const rows = this.#sql.all(
        `SELECT id, stream, ingested_at, bytes, message FROM log_lines
         WHERE ${where} id > ? AND id < ? ORDER BY id ${order} LIMIT ?`,
        ...(stream === undefined ? [] : [stream]),
        low,
        high,
        limit,
      )
      for (const row of rows) yield toLine(row)
      const last = rows.at(-1)
      if (last === undefined || rows.length < limit) return
      if (span.isReversed) high = Number(last.id)
      else low = Number(last.id)
    }
  }

  /**
   * Deletes the oldest lines with ids below `endId`: enough to be rid of so many bytes, and not
   * more than a few at once. Answers the bytes they had, and whether none of them is left.
   */
  deleteOldest(endId: number, enoughBytes: number): { bytes: number; isAll: boolean } {
    const rows = this.#sql.all(
      'SELECT id, bytes FROM log_lines WHERE id < ? ORDER BY id LIMIT ?',
      endId,
      LINES_DELETED_AT_ONCE,
    )
    let [bytes, count, lastId] = [0, 0, 0]
    for (const row of rows) {
      if (bytes >= enoughBytes) break
      bytes += Number(row.bytes) + EVENT_OVERHEAD_BYTES
      lastId = Number(row.id)
      count += 1
    }
    if (count > 0) this.#sql.all('DELETE FROM log_lines WHERE id <= ?', lastId)
    if (count > 0) this.#streams.forgetUntil(lastId)
    return { bytes, isAll: count === rows.length && count < LINES_DELETED_AT_ONCE }
  }

  oldestMilliseconds(): number | undefined {
    const id = this.#edge('ASC')
    return id === undefined ? undefined : timeOfId(id)
  }

  #edge(order: 'ASC' | 'DESC'): number | undefined {
    const [row] = this.#sql.all(`SELECT id FROM log_lines ORDER BY id ${order} LIMIT 1`)
    return row === undefined ? undefined : Number(row.id)
  }
}

/** A line's values, the first of which has this number among all that are bound. */
function rowAt(place: number): string {
  return `(?1, ?${place}, ?${place + 1}, ?${place + 2}, ?${place + 3})`
}

/** The message with its size, cut off where it is longer than an event may be. */
function sized(text: string): { message: string; bytes: number } {
  // At a NUL SQLite would end the text.
  const message = text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text
  const bytes = utf8Length(message)
  if (bytes <= MAX_MESSAGE_BYTES) return { message, bytes }
  const first = encodeUtf8(message).subarray(0, MAX_MESSAGE_BYTES)
  const cut = new TextDecoder().decode(first).replace(/\ufffd+$/, '')
  return { message: cut, bytes: utf8Length(cut) }
}

function toLine(row: Record<string, SqlValue>): StoredLine {
  return {
    id: Number(row.id),
    stream: Number(row.stream),
    ingestionMilliseconds: Number(row.ingested_at),
    bytes: Number(row.bytes),
    message: String(row.message),
  }
}
