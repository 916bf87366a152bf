import { logFault } from '../../aws/log-fault.ts'
import { decodeUtf8, encodeUtf8 } from '../../aws/utf8.ts'
import type { Delivery } from '../../delivery/consume-invocations.ts'
import type { Sql } from '../../ports/sql.ts'

interface DurableQueueHost {
  sql: Sql
  now: () => number
  /** Settles every message of a batch, and cannot reject. */
  consume(deliveries: readonly Delivery[]): Promise<void>
}

/** A message that nobody settled, because the process ended, is delivered again after this. */
const LEASE_MILLISECONDS = 60_000
const MAX_BATCH = 100
/** An event has up to a megabyte, and all of a batch are in memory. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024
const AGAIN_MILLISECONDS = 1000

/** Messages that are delivered until they are settled, however often that takes. */
export class DurableQueue {
  readonly #host: DurableQueueHost
  #timer: NodeJS.Timeout | undefined
  #consuming: Promise<void> | undefined
  #isRunning = false

  constructor(host: DurableQueueHost) {
    this.#host = host
  }

  send(message: Uint8Array): void {
    const text = decodeUtf8(message)
    const { sql, now } = this.#host
    sql.all('INSERT INTO queue (body, attempts, due_at) VALUES (?, 0, ?)', text, now())
    this.#aim()
  }

  start(): void {
    this.#isRunning = true
    this.#aim()
  }

  /** Resolves when no message is in the hands of its consumer. */
  async stop(): Promise<void> {
    this.#isRunning = false
    clearTimeout(this.#timer)
    await this.#consuming
  }

  #aim(): void {
    if (!this.#isRunning || this.#consuming !== undefined) return
    const { sql, now } = this.#host
    const [row] = sql.all('SELECT MIN(due_at) AS at FROM queue')
    clearTimeout(this.#timer)
    if (typeof row?.at !== 'number') return
    this.#timer = setTimeout(() => void this.#consume(), Math.max(row.at - now(), 0))
  }

  /** Cannot reject. */
  async #consume(): Promise<void> {
    try {
      this.#consuming = this.#host.consume(this.#lease())
      await this.#consuming
      this.#consuming = undefined
      this.#aim()
    } catch (error) {
      logFault('queue not read', {}, error)
      this.#consuming = undefined
      this.#timer = setTimeout(() => void this.#consume(), AGAIN_MILLISECONDS)
    }
  }

  #lease(): Delivery[] {
    const { sql, now } = this.#host
    const rows = sql.all(
      `SELECT id FROM (
         SELECT id, SUM(OCTET_LENGTH(body)) OVER (ORDER BY due_at, id) AS bytes,
           ROW_NUMBER() OVER (ORDER BY due_at, id) AS place
         FROM (SELECT id, body, due_at FROM queue WHERE due_at <= ? ORDER BY due_at, id LIMIT ?))
       WHERE place = 1 OR bytes <= ?`,
      now(),
      MAX_BATCH,
      MAX_BATCH_BYTES,
    )
    return sql.transaction(() =>
      rows.flatMap(({ id = null }) =>
        sql
          .all(
            `UPDATE queue SET attempts = attempts + 1, due_at = ? WHERE id = ?
             RETURNING id, body, attempts`,
            now() + LEASE_MILLISECONDS,
            id,
          )
          .map((row) => this.#delivery(Number(row.id), String(row.body), Number(row.attempts))),
      ),
    )
  }

  #delivery(id: number, body: string, attempts: number): Delivery {
    const { sql, now } = this.#host
    // Fenced: one that comes after its lease settles nothing that was delivered again.
    const isStillOurs = 'WHERE id = ? AND attempts = ?'
    return {
      id: String(id),
      body: encodeUtf8(body),
      attempts,
      ack: () => void sql.all(`DELETE FROM queue ${isStillOurs}`, id, attempts),
      retry({ delaySeconds = 0 } = {}) {
        const dueAt = now() + delaySeconds * 1000
        sql.all(`UPDATE queue SET due_at = ? ${isStillOurs}`, dueAt, id, attempts)
      },
    }
  }
}
