import type { DeadLetter, DeadLetterPage } from '../ports/function-inboxes.ts'
import type { Sql } from '../ports/sql.ts'
import { decodeAttempts } from './attempts.ts'

/** An answer of a Durable Object carries 32 MiB, and this many characters are at most 24 MiB. */
const MAX_PAGE_CHARACTERS = 8 * 1024 * 1024

/** Row by row, because only their sizes tell how many go into one page. */
export function deadLetterPage(sql: Sql, limit: number, cursor = '0/'): DeadLetterPage {
  const letters: DeadLetter[] = []
  let position = cursor
  let size = 0
  while (letters.length < limit && size < MAX_PAGE_CHARACTERS) {
    const letter = letterAfter(sql, position)
    if (letter === undefined) return { letters }
    letters.push(letter)
    size += letter.payload.length + JSON.stringify(letter.attempts).length
    position = `${letter.diedAtMilliseconds}/${letter.requestId}`
  }
  return letterAfter(sql, position) === undefined ? { letters } : { letters, cursor: position }
}

/** `position` is `DIED_AT/REQUEST_ID`, which is the order of dead letters. */
function letterAfter(sql: Sql, position: string): DeadLetter | undefined {
  const [diedAt = '', requestId = ''] = position.split('/', 2)
  const [row] = sql.all(
    `SELECT request_id, payload, accepted_at, due_at, reason, attempts FROM events
       WHERE state = 'dead' AND (due_at, request_id) > (?, ?) ORDER BY due_at, request_id LIMIT 1`,
    Number(diedAt),
    requestId,
  )
  if (row === undefined) return undefined
  return {
    requestId: String(row.request_id),
    payload: String(row.payload),
    acceptedAtMilliseconds: Number(row.accepted_at),
    diedAtMilliseconds: Number(row.due_at),
    reason: String(row.reason),
    attempts: decodeAttempts(row.attempts),
  }
}
