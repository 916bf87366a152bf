import type { Sql } from '../ports/sql.ts'

/** Events that are forgotten go by the hour, so that not each of them wakes the actor. */
const HOUR_MILLISECONDS = 60 * 60 * 1000

/**
 * When the next lease of an inbox ends, or what is remembered of a finished event may go. Every event
 * asks for it, and all who change events tell: it is read only when it is unknown.
 */
export class Expiries {
  readonly #sql: Sql
  #next: number | undefined

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** That time or an earlier one; itself, after `expired`. `Infinity` when there is none. */
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
