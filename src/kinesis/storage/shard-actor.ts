import { logFault } from '../../aws/log-fault.ts'
import type { Alarm } from '../../ports/alarm.ts'
import type {
  FoundPlace,
  RecordPack,
  ShardPlace,
  ShardPut,
  ShardReading,
} from '../../ports/shards.ts'
import type { Sql } from '../../ports/sql.ts'
import { ShardLog } from './shard-log.ts'

/** What a platform gives the actor of one shard to live on. */
export interface ShardActorHost {
  sql: Sql
  alarm: Alarm
  now: () => number
  /** A tenth of what a Durable Object can hold, unless a test says less. */
  maxStoredBytes?: number
}

const DEFAULT_MAX_STORED_BYTES = 1024 * 1024 * 1024
/** Expired records are hidden at once; so many are deleted together that few alarms are needed. */
const TEND_AFTER_MILLISECONDS = 10 * 60 * 1000
const SOON_MILLISECONDS = 100
const LOST_MILLISECONDS = 30_000

/** One shard of one incarnation of a stream: its records, and who wants to be told of new ones. */
export class ShardActor {
  readonly #host: ShardActorHost
  readonly #log: ShardLog
  #pumps: string[] = []
  #isArmed = false

  constructor(host: ShardActorHost) {
    this.#host = host
    this.#log = new ShardLog(host.sql)
    if (this.#log.state !== undefined) this.#readPumps()
  }

  open(createdAtMilliseconds: number): void {
    this.#host.sql.all('CREATE TABLE IF NOT EXISTS pumps (name TEXT PRIMARY KEY)')
    this.#log.open(createdAtMilliseconds)
  }

  /** Forgets all. Whatever is asked of the shard afterwards is answered with `gone`. */
  remove(): void {
    this.#log.close()
    this.#host.sql.all('DROP TABLE IF EXISTS pumps')
    this.#pumps = []
    this.#host.alarm.clear()
    this.#isArmed = false
  }

  put(packs: readonly RecordPack[]): ShardPut {
    if (this.#log.state === undefined) return { kind: 'gone' }
    const now = this.#host.now()
    const bytes = packs.reduce((sum, pack) => sum + pack.bytes, 0)
    if (!this.#hasRoomFor(bytes)) {
      this.#log.expire(now)
      if (!this.#hasRoomFor(bytes)) return { kind: 'full' }
    }
    const put = this.#log.append(packs, now)
    if (!this.#isArmed) this.#arm()
    return { kind: 'stored', ...put, pumps: this.#pumps }
  }

  read(place: ShardPlace, limit: number, maxBytes: number): ShardReading {
    if (this.#log.state === undefined) return { kind: 'gone' }
    return { kind: 'packs', ...this.#log.read(place, limit, maxBytes, this.#host.now()) }
  }

  find(place: ShardPlace): FoundPlace {
    const { state } = this.#log
    if (state === undefined) return { kind: 'gone' }
    const { arrivedAtMilliseconds } = state
    return { kind: 'at', index: this.#log.find(place, this.#host.now()), arrivedAtMilliseconds }
  }

  subscribe(pump: string, isWanted: boolean): { kind: 'subscribed' | 'gone' } {
    if (this.#log.state === undefined) return { kind: 'gone' }
    const change = isWanted
      ? 'INSERT INTO pumps VALUES (?) ON CONFLICT DO NOTHING'
      : 'DELETE FROM pumps WHERE name = ?'
    this.#host.sql.all(change, pump)
    this.#readPumps()
    return { kind: 'subscribed' }
  }

  /**
   * The alarm went off: deletes what expired. Re-arms before it acts, so that a crash in between is
   * found again, and cannot reject: a platform may drop an alarm whose handler fails too often.
   */
  wake(): Promise<void> {
    if (this.#log.state === undefined) return Promise.resolve()
    this.#host.alarm.set(this.#host.now() + LOST_MILLISECONDS)
    this.#isArmed = true
    try {
      this.#log.expire(this.#host.now())
      this.#arm()
    } catch (error) {
      logFault('shard not tended', {}, error)
    }
    return Promise.resolve()
  }

  #hasRoomFor(bytes: number): boolean {
    const stored = this.#log.state?.storedBytes ?? 0
    return stored + bytes <= (this.#host.maxStoredBytes ?? DEFAULT_MAX_STORED_BYTES)
  }

  /** One alarm, for the oldest record: later ones are seen to when it has gone off. */
  #arm(): void {
    const expiresAt = this.#log.expiresAt()
    this.#isArmed = expiresAt !== undefined
    if (expiresAt === undefined) {
      this.#host.alarm.clear()
      return
    }
    const isOverdue = expiresAt <= this.#host.now()
    this.#host.alarm.set(
      isOverdue ? this.#host.now() + SOON_MILLISECONDS : expiresAt + TEND_AFTER_MILLISECONDS,
    )
  }

  #readPumps(): void {
    const rows = this.#host.sql.all('SELECT name FROM pumps ORDER BY name')
    this.#pumps = rows.map((row) => String(row.name))
  }
}
