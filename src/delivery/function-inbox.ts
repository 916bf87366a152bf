import { excerpt } from '../aws/excerpt.ts'
import type { AcceptedEvent } from '../ports/function-inboxes.ts'
import type { Attempt } from '../ports/event-records.ts'
import type { Sql, SqlValue } from '../ports/sql.ts'
import { MAX_REASON_CHARACTERS, decodeAttempts, encodeAttempts } from './attempts.ts'
import type { Verdict } from './retry-policy.ts'

/** Events that are forgotten go by the hour, so that not each of them wakes the actor. */
const HOUR_MILLISECONDS = 60 * 60 * 1000

/** An event in the hands of the runner. `leaseUntil` fences it: a later taker has another. */
export interface RunningEvent {
  requestId: string
  payload: string
  acceptedAtMilliseconds: number
  /** Tries that the function itself failed, before this one. */
  failures: number
  /** Tries that the platform failed, before this one. */
  faults: number
  attempts: Attempt[]
  leaseUntilMilliseconds: number
}

interface TakeLimits {
  events: number
  /** Of payload in all; one event is taken whatever its size. */
  bytes: number
}

/**
 * The events of one function: `ready` (to be tried when due), `running` (until the lease ends),
 * `succeeded` (remembered for a while) or `dead` (kept for their owner).
 */
export class FunctionInbox {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
    sql.all(
      `CREATE TABLE IF NOT EXISTS events (
         request_id TEXT PRIMARY KEY, payload TEXT NOT NULL, accepted_at INTEGER NOT NULL,
         state TEXT NOT NULL, due_at INTEGER NOT NULL, failures INTEGER NOT NULL DEFAULT 0,
         faults INTEGER NOT NULL DEFAULT 0, attempts TEXT NOT NULL DEFAULT '[]',
         reason TEXT NOT NULL DEFAULT '') WITHOUT ROWID`,
    )
    sql.all('CREATE INDEX IF NOT EXISTS events_due ON events (state, due_at)')
  }

  /** Stores events; one whose request id is known already changes nothing. */
  add(events: readonly AcceptedEvent[], nowMilliseconds: number): void {
    this.#sql.transaction(() => {
      for (const event of events) {
        this.#sql.all(
          `INSERT OR IGNORE INTO events (request_id, payload, accepted_at, state, due_at)
           VALUES (?, ?, ?, 'ready', ?)`,
          event.requestId,
          event.payload,
          event.acceptedAtMilliseconds,
          nowMilliseconds,
        )
      }
    })
  }

  /** Whether this event was taken over, and is not forgotten yet. */
  has(requestId: string): boolean {
    return this.#sql.all('SELECT 1 FROM events WHERE request_id = ?', requestId).length > 0
  }

  /** Takes due events within the limits, those that wait longest first, and leases them. */
  take(nowMilliseconds: number, limits: TakeLimits, leaseMilliseconds: number): RunningEvent[] {
    const leaseUntilMilliseconds = nowMilliseconds + leaseMilliseconds
    return this.#sql.transaction(() =>
      this.#dueWithin(nowMilliseconds, limits).flatMap((requestId) =>
        this.#sql
          .all(
            `UPDATE events SET state = 'running', due_at = ? WHERE request_id = ? RETURNING *`,
            leaseUntilMilliseconds,
            requestId,
          )
          .map(runningEvent),
      ),
    )
  }

  /**
   * Only sizes are read here, which a row's header has: fifty payloads could be fifty megabytes, and
   * LENGTH would read them all.
   */
  #dueWithin(nowMilliseconds: number, { events, bytes }: TakeLimits): string[] {
    const rows = this.#sql.all(
      `SELECT request_id, OCTET_LENGTH(payload) AS bytes FROM events
       WHERE state = 'ready' AND due_at <= ? ORDER BY due_at LIMIT ?`,
      nowMilliseconds,
      events,
    )
    let sum = 0
    const tooMany = rows.findIndex((row, i) => {
      sum += Number(row.bytes)
      return i > 0 && sum > bytes
    })
    const within = tooMany < 0 ? rows : rows.slice(0, tooMany)
    return within.map((row) => String(row.request_id))
  }

  /** Remembers the event without its payload until `forgetAtMilliseconds`. */
  succeed(event: RunningEvent, forgetAtMilliseconds: number): void {
    this.#sql.all(
      `UPDATE events SET state = 'succeeded', due_at = ?, payload = '', attempts = ?
       WHERE request_id = ? AND state = 'running' AND due_at = ?`,
      Math.ceil(forgetAtMilliseconds / HOUR_MILLISECONDS) * HOUR_MILLISECONDS,
      encodeAttempts(event.attempts),
      event.requestId,
      event.leaseUntilMilliseconds,
    )
  }

  /** Puts a try that did not succeed back, or lays the event down for good. */
  settle(event: RunningEvent, verdict: Verdict, reason: string, nowMilliseconds: number): void {
    const isDead = verdict.kind === 'dead'
    this.#sql.all(
      `UPDATE events SET state = ?, due_at = ?, failures = ?, faults = ?, attempts = ?, reason = ?
       WHERE request_id = ? AND state = 'running' AND due_at = ?`,
      isDead ? 'dead' : 'ready',
      isDead ? nowMilliseconds : nowMilliseconds + verdict.delayMilliseconds,
      event.failures,
      event.faults,
      encodeAttempts(event.attempts),
      excerpt(reason, MAX_REASON_CHARACTERS),
      event.requestId,
      event.leaseUntilMilliseconds,
    )
  }

  /** Lays down what never was an event of its own, for its owner to see. */
  bury(event: AcceptedEvent, reason: string, nowMilliseconds: number): void {
    this.#sql.all(
      `INSERT OR IGNORE INTO events (request_id, payload, accepted_at, state, due_at, reason)
       VALUES (?, ?, ?, 'dead', ?, ?)`,
      event.requestId,
      event.payload,
      event.acceptedAtMilliseconds,
      nowMilliseconds,
      excerpt(reason, MAX_REASON_CHARACTERS),
    )
  }

  /** Events whose lease ran out: whoever ran them is gone. */
  lost(nowMilliseconds: number): RunningEvent[] {
    return this.#sql
      .all(
        `SELECT request_id, '' AS payload, accepted_at, failures, faults, attempts, due_at
         FROM events WHERE state = 'running' AND due_at <= ? LIMIT 1000`,
        nowMilliseconds,
      )
      .map(runningEvent)
  }

  /** Nobody runs anything any more: what was running is lost now. */
  endLeases(nowMilliseconds: number): void {
    if (this.#sql.all(`SELECT 1 FROM events WHERE state = 'running' LIMIT 1`).length === 0) return
    this.#sql.all(`UPDATE events SET due_at = ? WHERE state = 'running'`, nowMilliseconds)
  }

  forgetFinished(nowMilliseconds: number): void {
    this.#sql.all(`DELETE FROM events WHERE state = 'succeeded' AND due_at <= ?`, nowMilliseconds)
  }

  /** When the next event is due to be tried. */
  nextReady(): number | undefined {
    return this.#earliest(`SELECT MIN(due_at) AS at FROM events WHERE state = 'ready'`)
  }

  /** When the next lease ends, or the memory of a finished event may go. */
  nextExpiry(): number | undefined {
    return this.#earliest(
      `SELECT MIN(at) AS at FROM (
         SELECT MIN(due_at) AS at FROM events WHERE state = 'running'
         UNION ALL SELECT MIN(due_at) FROM events WHERE state = 'succeeded')`,
    )
  }

  #earliest(statement: string): number | undefined {
    const [row] = this.#sql.all(statement)
    return typeof row?.at === 'number' ? row.at : undefined
  }
}

function runningEvent(row: Record<string, SqlValue>): RunningEvent {
  return {
    requestId: String(row.request_id),
    payload: String(row.payload),
    acceptedAtMilliseconds: Number(row.accepted_at),
    failures: Number(row.failures),
    faults: Number(row.faults),
    attempts: decodeAttempts(row.attempts),
    leaseUntilMilliseconds: Number(row.due_at),
  }
}
