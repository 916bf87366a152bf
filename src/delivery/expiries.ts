import type { Sql } from '../ports/sql.ts'

/** Events that are forgotten go by the hour, so that not each of them wakes the actor. */
const HOUR_MILLISECONDS = 60 * 60 * 1000

/**
 * When a lease or the memory of an event of an inbox ends next. Every event asks for it, and all who
 * change events tell: it is read only when it is unknown.
 */
export class Expiries {
  readonly #sql: Sql
  #next: number | undefined

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /**
   * When the next lease ends, or the memory of a finished event may go, or earlier: as it is, after
   * `expired`. `Infinity` when there is neither.
   */
  next(): number {
    this.#next ??= Math.min(this.#earliest('running'), hourAfter(this.#earliest('succeeded')))
    return this.#next
  }

  leaseEndsAt(atMilliseconds: number): void {
    if (this.#next === undefined) return
    this.#next = Math.min(this.#next, atMilliseconds)
  }

  forgottenAt(atMilliseconds: number): void {
    this.leaseEndsAt(hourAfter(atMilliseconds))
  }

  /** What was over is gone. */
  expired(): void {
    this.#next = undefined
  }

  #earliest(state: 'running' | 'succeeded'): number {
    const [row] = this.#sql.all('SELECT MIN(due_at) AS at FROM events WHERE state = ?', state)
    return typeof row?.at === 'number' ? row.at : Infinity
  }
}

/** The end of the hour. */
function hourAfter(milliseconds: number): number {
  return Math.ceil(milliseconds / HOUR_MILLISECONDS) * HOUR_MILLISECONDS
}
