import type { Sql } from '../ports/sql.ts'

/** Events that are forgotten go by the hour, so that not each of them wakes the actor. */
const HOUR_MILLISECONDS = 60 * 60 * 1000

/**
 * When something is to be done about the events of an inbox next. Every event asks for it, and all
 * who change events tell: it is read only when it is unknown.
 */
export class DueTimes {
  readonly #sql: Sql
  #readyFrom: number | undefined
  #expiryFrom: number | undefined

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** When the next event is due to be tried, or earlier; `Infinity` when there is none. */
  nextReady(): number {
    this.#readyFrom ??= this.#earliest('ready')
    return this.#readyFrom
  }

  /** An event is to be tried then. */
  readyAt(atMilliseconds: number): void {
    this.#readyFrom = Math.min(this.nextReady(), atMilliseconds)
  }

  /** All events that are to be tried before then were taken. */
  readyFrom(atMilliseconds: number): void {
    this.#readyFrom = atMilliseconds
  }

  /**
   * When the next lease ends, or the memory of a finished event may go, or earlier: as it is, after
   * `expired`. `Infinity` when there is neither.
   */
  nextExpiry(): number {
    this.#expiryFrom ??= Math.min(this.#earliest('running'), hourAfter(this.#earliest('succeeded')))
    return this.#expiryFrom
  }

  leaseEndsAt(atMilliseconds: number): void {
    if (this.#expiryFrom === undefined) return
    this.#expiryFrom = Math.min(this.#expiryFrom, atMilliseconds)
  }

  forgottenAt(atMilliseconds: number): void {
    this.leaseEndsAt(hourAfter(atMilliseconds))
  }

  /** What was over is gone. */
  expired(): void {
    this.#expiryFrom = undefined
  }

  #earliest(state: 'ready' | 'running' | 'succeeded'): number {
    const [row] = this.#sql.all('SELECT MIN(due_at) AS at FROM events WHERE state = ?', state)
    return typeof row?.at === 'number' ? row.at : Infinity
  }
}

/** The end of the hour. */
function hourAfter(milliseconds: number): number {
  return Math.ceil(milliseconds / HOUR_MILLISECONDS) * HOUR_MILLISECONDS
}
