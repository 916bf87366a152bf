import type { DeadLetter, DeadLetterChoice, DeadLetterPage } from '../ports/event-records.ts'
import type { Sql, SqlValue } from '../ports/sql.ts'
import { decodeAttempts } from './attempts.ts'

/** An answer of a Durable Object carries 32 MiB, and this many characters are at most 24 MiB. */
const MAX_PAGE_CHARACTERS = 8 * 1024 * 1024
const COLUMNS = 'request_id, payload, accepted_at, due_at, reason, attempts'

/** The events of an inbox that were given up. */
export class DeadLetterBox {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Row by row, because only their sizes tell how many go into one page. */
  list(limit: number, cursor = '0/'): DeadLetterPage {
    const letters: DeadLetter[] = []
    let position = cursor
    let size = 0
    while (letters.length < limit && size < MAX_PAGE_CHARACTERS) {
      const letter = this.#after(position)
      if (letter === undefined) return { letters }
      letters.push(letter)
      size += letter.payload.length + JSON.stringify(letter.attempts).length
      position = `${letter.diedAtMilliseconds}/${letter.requestId}`
    }
    return this.#after(position) === undefined ? { letters } : { letters, cursor: position }
  }

  get(requestId: string): DeadLetter | undefined {
    const [row] = this.#sql.all(
      `SELECT ${COLUMNS} FROM events WHERE state = 'dead' AND request_id = ?`,
      requestId,
    )
    return row === undefined ? undefined : letterOf(row)
  }

  /** Makes them ready to be tried as if they came now, and says how many. */
  redrive(choice: DeadLetterChoice, nowMilliseconds: number): number {
    return this.#forEach(
      choice,
      `UPDATE events SET state = 'ready', due_at = ${nowMilliseconds}, failures = 0, faults = 0`,
    )
  }

  purge(choice: DeadLetterChoice): number {
    return this.#forEach(choice, 'DELETE FROM events')
  }

  #forEach(choice: DeadLetterChoice, change: string): number {
    const are = `WHERE state = 'dead'`
    return this.#sql.transaction(() => {
      if (choice === 'all') {
        const [row] = this.#sql.all(`SELECT COUNT(*) AS n FROM events ${are}`)
        this.#sql.all(`${change} ${are}`)
        return Number(row?.n ?? 0)
      }
      const one = `${change} ${are} AND request_id = ? RETURNING request_id`
      return choice.requestIds.flatMap((requestId) => this.#sql.all(one, requestId)).length
    })
  }

  /** `position` is `DIED_AT/REQUEST_ID`, which is the order of dead letters. */
  #after(position: string): DeadLetter | undefined {
    const [diedAt = '', requestId = ''] = position.split('/', 2)
    const [row] = this.#sql.all(
      `SELECT ${COLUMNS} FROM events
       WHERE state = 'dead' AND (due_at, request_id) > (?, ?) ORDER BY due_at, request_id LIMIT 1`,
      Number(diedAt),
      requestId,
    )
    return row === undefined ? undefined : letterOf(row)
  }
}

function letterOf(row: Record<string, SqlValue>): DeadLetter {
  return {
    requestId: String(row.request_id),
    payload: String(row.payload),
    acceptedAtMilliseconds: Number(row.accepted_at),
    diedAtMilliseconds: Number(row.due_at),
    reason: String(row.reason),
    attempts: decodeAttempts(row.attempts),
  }
}
