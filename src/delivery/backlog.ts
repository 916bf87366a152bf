import type { Sql } from '../ports/sql.ts'

/** A Durable Object stores 10 GB; what is kept besides payloads needs its room, too. */
const MAX_BACKLOG_BYTES = 4 * 1024 ** 3
/** What a row takes besides its payload, about. */
const ROW_BYTES = 300

/**
 * How much waits or lies dead in an inbox. Counted once when the actor starts and kept in memory
 * from then on: a count that were stored would cost a write with each event.
 */
export class Backlog {
  readonly #sql: Sql
  readonly #maxBytes: number
  #bytes: number

  constructor(sql: Sql, maxBytes = MAX_BACKLOG_BYTES) {
    this.#sql = sql
    this.#maxBytes = maxBytes
    this.#bytes = this.#counted()
  }

  /** To be called when more than what was told here has gone. */
  recount(): void {
    this.#bytes = this.#counted()
  }

  #counted(): number {
    const [row] = this.#sql.all(
      `SELECT COUNT(*) AS events, SUM(OCTET_LENGTH(payload)) AS bytes FROM events
       WHERE state != 'succeeded'`,
    )
    return Number(row?.bytes ?? 0) + Number(row?.events ?? 0) * ROW_BYTES
  }

  hasRoomFor(payloads: readonly { payload: string }[]): boolean {
    return this.#bytes + sizeOf(payloads) <= this.#maxBytes
  }

  add(payloads: readonly { payload: string }[]): void {
    this.#bytes += sizeOf(payloads)
  }

  remove(payloads: readonly { payload: string }[]): void {
    this.#bytes = Math.max(0, this.#bytes - sizeOf(payloads))
  }
}

/**
 * In characters, where `#counted` has octets: to encode a payload of a megabyte only to count them
 * takes 1 to 14 milliseconds.
 */
function sizeOf(payloads: readonly { payload: string }[]): number {
  return payloads.reduce((sum, { payload }) => sum + payload.length + ROW_BYTES, 0)
}
