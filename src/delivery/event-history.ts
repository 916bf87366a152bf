import { z } from 'zod'
import {
  EVENT_STATES,
  type EventRecord,
  type EventPage,
  type EventState,
} from '../ports/event-records.ts'
import type { Sql, SqlValue } from '../ports/sql.ts'
import { decodeAttempts } from './attempts.ts'

/** `ready` is two states to those who look: an event that was tried already waits. */
const IS_WAITING = `state = 'ready' AND failures + faults > 0`
const STATE = `CASE WHEN ${IS_WAITING} THEN 'waiting' WHEN state = 'ready' THEN 'queued' ELSE state END`
const COLUMNS = `request_id, accepted_at, due_at, ${STATE} AS shown, faults, attempts, reason`

/** Reads what became of the events of an inbox. */
export class EventHistory {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
    sql.all('CREATE INDEX IF NOT EXISTS events_accepted ON events (accepted_at, request_id)')
    // So that events are counted without reading them. Most are never in it.
    sql.all(`CREATE INDEX IF NOT EXISTS events_waiting ON events (due_at) WHERE ${IS_WAITING}`)
  }

  get(requestId: string): EventRecord | undefined {
    const [row] = this.#sql.all(`SELECT ${COLUMNS} FROM events WHERE request_id = ?`, requestId)
    return row === undefined ? undefined : eventOf(row)
  }

  /** `cursor` is `ACCEPTED_AT/REQUEST_ID` of the last one that was given. */
  list(state: EventState | undefined, limit: number, cursor?: string): EventPage {
    const [acceptedAt = '', requestId = ''] = cursor?.split('/', 2) ?? []
    const rows = this.#sql.all(
      `SELECT ${COLUMNS} FROM events
       WHERE (accepted_at, request_id) < (?, ?) AND (? = '' OR shown = ?)
       ORDER BY accepted_at DESC, request_id DESC LIMIT ?`,
      cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(acceptedAt),
      requestId,
      state ?? '',
      state ?? '',
      limit + 1,
    )
    const events = rows.slice(0, limit).map(eventOf)
    const last = events.at(-1)
    return rows.length > limit && last !== undefined
      ? { events, cursor: `${last.acceptedAtMilliseconds}/${last.requestId}` }
      : { events }
  }

  count(): Record<EventState, number> {
    const counts = { queued: 0, running: 0, waiting: 0, succeeded: 0, dead: 0 }
    const rows = this.#sql.all('SELECT state, COUNT(*) AS n FROM events GROUP BY state')
    for (const { state, n } of rows) {
      counts[state === 'ready' ? 'queued' : stateOf(state)] = Number(n)
    }
    const [waiting] = this.#sql.all(
      `SELECT COUNT(*) AS n FROM events INDEXED BY events_waiting WHERE ${IS_WAITING}`,
    )
    counts.waiting = Number(waiting?.n ?? 0)
    counts.queued -= counts.waiting
    return counts
  }
}

function stateOf(text: unknown): EventState {
  return z.enum(EVENT_STATES).parse(text)
}

function eventOf(row: Record<string, SqlValue>): EventRecord {
  const state = stateOf(row.shown)
  const isToTry = state === 'queued' || state === 'waiting'
  return {
    requestId: String(row.request_id),
    state,
    acceptedAtMilliseconds: Number(row.accepted_at),
    nextTryAtMilliseconds: isToTry ? Number(row.due_at) : undefined,
    diedAtMilliseconds: state === 'dead' ? Number(row.due_at) : undefined,
    reason: row.reason === '' || state === 'succeeded' ? undefined : String(row.reason),
    attempts: decodeAttempts(row.attempts),
    faults: Number(row.faults),
  }
}
