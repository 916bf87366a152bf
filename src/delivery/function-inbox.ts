import { excerpt } from '../aws/excerpt.ts'
import type { AcceptedEvent } from '../ports/function-inboxes.ts'
import type { Attempt } from '../ports/event-records.ts'
import type { Sql, SqlValue } from '../ports/sql.ts'
import { MAX_REASON_CHARACTERS, decodeAttempts, encodeAttempts } from './attempts.ts'
import { Expiries } from './expiries.ts'
import { ReadyEvents } from './ready-events.ts'
import type { Verdict } from './retry-policy.ts'
import type { TakeLimits } from './take-limits.ts'

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

/** An event whose function ran well. */
export interface Success {
  event: RunningEvent
  forgetAtMilliseconds: number
}

/**
 * The events of one function: `ready` (to be tried when due), `running` (until the lease ends),
 * `succeeded` (remembered for a while) or `dead` (kept for their owner).
 */
export class FunctionInbox {
  readonly #sql: Sql
  readonly #ready: ReadyEvents
  readonly #expiries: Expiries

  constructor(sql: Sql) {
    this.#sql = sql
    this.#ready = new ReadyEvents(sql)
    this.#expiries = new Expiries(sql)
    sql.all(
      `CREATE TABLE IF NOT EXISTS events (
         request_id TEXT PRIMARY KEY, payload TEXT NOT NULL, accepted_at INTEGER NOT NULL,
         state TEXT NOT NULL, due_at INTEGER NOT NULL, failures INTEGER NOT NULL DEFAULT 0,
         faults INTEGER NOT NULL DEFAULT 0, attempts TEXT NOT NULL DEFAULT '[]',
         reason TEXT NOT NULL DEFAULT '')`,
    )
    sql.all('CREATE INDEX IF NOT EXISTS events_due ON events (state, due_at, request_id)')
  }

  /** Stores events; one whose request id is known already changes nothing. Which were stored. */
  add(events: readonly AcceptedEvent[], nowMilliseconds: number): AcceptedEvent[] {
    this.readyAt(nowMilliseconds)
    return this.#insert(events, 'ready', nowMilliseconds)
  }

  /** As `add`, but the events are taken already, which spares them a second write. */
  addTaken(events: readonly AcceptedEvent[], leaseUntilMilliseconds: number): RunningEvent[] {
    this.#expiries.leaseEndsAt(leaseUntilMilliseconds)
    return this.#insert(events, 'running', leaseUntilMilliseconds).map((event) => ({
      requestId: event.requestId,
      payload: event.payload,
      acceptedAtMilliseconds: event.acceptedAtMilliseconds,
      failures: 0,
      faults: 0,
      attempts: [],
      leaseUntilMilliseconds,
    }))
  }

  #insert(events: readonly AcceptedEvent[], state: string, dueAt: number): AcceptedEvent[] {
    const isStored = ({ requestId, payload, acceptedAtMilliseconds }: AcceptedEvent) =>
      this.#sql.all(
        `INSERT OR IGNORE INTO events (request_id, payload, accepted_at, state, due_at)
         VALUES (?, ?, ?, ?, ?) RETURNING 1 AS stored`,
        requestId,
        payload,
        acceptedAtMilliseconds,
        state,
        dueAt,
      ).length > 0
    return this.#allOrNone(events.length, () => events.filter(isStored))
  }

  /** Told when an event is to be tried, by whoever makes it ready. */
  readyAt(atMilliseconds: number): void {
    this.#ready.readyAt(atMilliseconds)
  }

  /** Whether this event was taken over, and is not forgotten yet. */
  has(requestId: string): boolean {
    return this.#sql.all('SELECT 1 FROM events WHERE request_id = ?', requestId).length > 0
  }

  /** Takes due events within the limits, those that wait longest first, and leases them. */
  take(nowMilliseconds: number, limits: TakeLimits, leaseMilliseconds: number): RunningEvent[] {
    if (this.nextReady() > nowMilliseconds) return []
    const leaseUntilMilliseconds = nowMilliseconds + leaseMilliseconds
    const due = this.#ready.due(nowMilliseconds, limits)
    const taken = this.#allOrNone(due.length, () =>
      due.flatMap((requestId) =>
        this.#sql
          .all(
            `UPDATE events SET state = 'running', due_at = ?
             WHERE request_id = ? AND state = 'ready' RETURNING *`,
            leaseUntilMilliseconds,
            requestId,
          )
          .map(runningEvent),
      ),
    )
    this.#ready.taken(due.length)
    this.#expiries.leaseEndsAt(leaseUntilMilliseconds)
    return taken
  }

  /** Remembers events without their payloads, each until its time. */
  succeed(successes: readonly Success[]): void {
    const store = ({ event, forgetAtMilliseconds }: Success) => {
      this.#expiries.forgottenAt(forgetAtMilliseconds)
      this.#sql.all(
        `UPDATE events SET state = 'succeeded', due_at = ?, payload = '', attempts = ?
         WHERE request_id = ? AND state = 'running' AND due_at = ?`,
        forgetAtMilliseconds,
        encodeAttempts(event.attempts),
        event.requestId,
        event.leaseUntilMilliseconds,
      )
    }
    this.#allOrNone(successes.length, () => successes.forEach(store))
  }

  /** Puts a try that did not succeed back, or lays the event down for good. */
  settle(event: RunningEvent, verdict: Verdict, reason: string, nowMilliseconds: number): void {
    const isDead = verdict.kind === 'dead'
    const dueAt = isDead ? nowMilliseconds : nowMilliseconds + verdict.delayMilliseconds
    if (!isDead) this.readyAt(dueAt)
    this.#sql.all(
      `UPDATE events SET state = ?, due_at = ?, failures = ?, faults = ?, attempts = ?, reason = ?
       WHERE request_id = ? AND state = 'running' AND due_at = ?`,
      isDead ? 'dead' : 'ready',
      dueAt,
      event.failures,
      event.faults,
      encodeAttempts(event.attempts),
      excerpt(reason, MAX_REASON_CHARACTERS),
      event.requestId,
      event.leaseUntilMilliseconds,
    )
  }

  /**
   * Lays down what never was an event of its own, for its owner to see. Whether it was stored: one
   * whose request id is known already is not.
   */
  bury(event: AcceptedEvent, reason: string, nowMilliseconds: number): boolean {
    const stored = this.#sql.all(
      `INSERT OR IGNORE INTO events (request_id, payload, accepted_at, state, due_at, reason)
       VALUES (?, ?, ?, 'dead', ?, ?) RETURNING 1 AS stored`,
      event.requestId,
      event.payload,
      event.acceptedAtMilliseconds,
      nowMilliseconds,
      excerpt(reason, MAX_REASON_CHARACTERS),
    )
    return stored.length > 0
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
    this.#expiries.expired()
  }

  /** See `ReadyEvents`. */
  nextReady(): number {
    return this.#ready.nextDue()
  }

  /** See `Expiries`. */
  nextExpiry(): number {
    return this.#expiries.next()
  }

  /** Does so many statements; one is all or nothing by itself. */
  #allOrNone<Result>(statements: number, work: () => Result): Result {
    return statements < 2 ? work() : this.#sql.transaction(work)
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
