import { logFault } from '../aws/log-fault.ts'
import { PUBLISH_AGAIN_MILLISECONDS, Publisher } from '../aws/publisher.ts'
import type { Alarm } from '../ports/alarm.ts'
import type { LogGroupIndex, LogGroupRecord } from '../ports/log-group-index.ts'
import type {
  LogPart,
  LogQuery,
  LogReading,
  LogStreamPage,
  LogStreamQuery,
} from '../ports/log-groups.ts'
import type { Sql } from '../ports/sql.ts'
import { EarliestAlarm } from './earliest-alarm.ts'
import { LogGroupRecordStore } from './log-group-record.ts'
import { firstIdAt } from './log-ids.ts'
import { LogLines } from './log-lines.ts'
import { LogSearch } from './log-search.ts'
import { LogStreams } from './log-streams.ts'

/** What a platform gives the actor of one log group to live on. */
export interface LogGroupActorHost {
  logGroupName: string
  sql: Sql
  alarm: Alarm
  index: Pick<LogGroupIndex, 'put' | 'delete'>
  now: () => number
  /** A tenth of what a Durable Object can hold, unless a test says less. */
  maxStoredBytes?: number
}

const DEFAULT_MAX_STORED_BYTES = 1024 * 1024 * 1024
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000
/** How soon after a line the group is looked after: CloudWatch deletes and counts late as well. */
const TEND_AFTER_MILLISECONDS = 60 * 60 * 1000
const LOST_MILLISECONDS = 30_000
const SOONEST_ALARM_MILLISECONDS = 10

/**
 * One log group: the single writer of its lines and of its record. Old lines go by alarm: those
 * that retention has expired, and the oldest when there are too many to keep.
 */
export class LogGroupActor {
  readonly #host: LogGroupActorHost
  readonly #record: LogGroupRecordStore
  readonly #streams: LogStreams
  readonly #lines: LogLines
  readonly #search: LogSearch
  readonly #publisher: Publisher<LogGroupRecord>
  readonly #alarm: EarliestAlarm

  constructor(host: LogGroupActorHost) {
    this.#host = host
    this.#alarm = new EarliestAlarm(host.alarm)
    this.#record = new LogGroupRecordStore(host.sql)
    this.#streams = new LogStreams(host.sql)
    this.#lines = new LogLines(host.sql, this.#streams)
    this.#search = new LogSearch(this.#lines, this.#streams)
    // What is not published is something to wake up for: the alarm is set before it is tried.
    const { index, logGroupName } = host
    const copy = {
      name: `log group ${logGroupName}`,
      put: (record: LogGroupRecord) => index.put(record),
      delete: () => index.delete(logGroupName),
    }
    this.#publisher = new Publisher(this.#record, copy, () => this.#arm())
  }

  /** Stores lines for good, all or none, and makes the group if need be. */
  append(parts: readonly LogPart[]): void {
    const now = this.#host.now()
    this.#transaction(() => {
      this.#open(now)
      const total = this.#record.count(this.#lines.append(parts, now))
      const tendAt = this.#record.tendAt()
      if (total > this.#maxStoredBytes()) this.#record.setTendAt(now)
      else if (tendAt === undefined) this.#record.setTendAt(now + TEND_AFTER_MILLISECONDS)
    })
    this.#arm()
    // Nobody waits for the index: a write that fails is made up for by the alarm.
    void this.#publisher.publish()
  }

  read(query: LogQuery): LogReading {
    const record = this.#record.current()
    if (record === undefined) return { kind: 'noSuchGroup' }
    const expired = expiredAt(record.retentionDays, this.#host.now())
    const startMilliseconds = Math.max(query.startMilliseconds ?? 0, expired)
    return this.#search.read({ ...query, startMilliseconds })
  }

  streams(query: LogStreamQuery): LogStreamPage | undefined {
    return this.#record.current() === undefined ? undefined : this.#streams.list(query)
  }

  async create(): Promise<'created' | 'existed'> {
    if (this.#record.current() !== undefined) return 'existed'
    this.#transaction(() => this.#open(this.#host.now()))
    await this.#publisher.publish()
    return 'created'
  }

  async delete(): Promise<'deleted' | 'noSuchGroup'> {
    if (this.#record.current() === undefined) return 'noSuchGroup'
    this.#transaction(() => {
      this.#record.delete()
      this.#host.sql.all('DROP TABLE log_lines')
      this.#host.sql.all('DROP TABLE log_streams')
    })
    this.#lines.forget()
    await this.#publisher.publish()
    return 'deleted'
  }

  async setRetention(days: number | undefined): Promise<'set' | 'noSuchGroup'> {
    const record = this.#record.current()
    if (record === undefined) return 'noSuchGroup'
    if (record.retentionDays === days) return 'set'
    this.#record.setRetention(days)
    this.#record.setTendAt(this.#host.now())
    this.#arm()
    await this.#publisher.publish()
    return 'set'
  }

  /**
   * The alarm went off. Re-arms before it acts, so that a crash in between is found again, and
   * cannot reject: a platform may drop an alarm whose handler fails too often.
   */
  async wake(): Promise<void> {
    const now = this.#host.now()
    this.#alarm.rearm(now + LOST_MILLISECONDS)
    try {
      if ((this.#record.tendAt() ?? Infinity) <= now) this.#tend(now)
      await this.#publisher.publish()
      this.#alarm.rearm(this.#wakeAt())
    } catch (error) {
      logFault('log group actor', { logGroupName: this.#host.logGroupName }, error)
    }
  }

  #transaction(work: () => void): void {
    try {
      this.#host.sql.transaction(work)
    } catch (error) {
      this.#record.forget()
      this.#lines.forget()
      throw error
    }
  }

  #open(now: number): void {
    if (this.#record.current() !== undefined) return
    this.#record.create(this.#host.logGroupName, now)
    LogStreams.createTables(this.#host.sql)
    LogLines.createTables(this.#host.sql)
  }

  /** Deletes what has to go, a part at a time, and shows how much is left. */
  #tend(now: number): void {
    const retentionDays = this.#record.current()?.retentionDays
    const maxBytes = this.#maxStoredBytes()
    this.#transaction(() => {
      const total = this.#record.count(0)
      const isTooMuch = total > maxBytes
      // Some room is made as well, so that the next line does not need the same again.
      const deleted = isTooMuch
        ? this.#lines.deleteOldest(Number.MAX_SAFE_INTEGER, total - 0.9 * maxBytes)
        : this.#lines.deleteOldest(firstIdAt(expiredAt(retentionDays, now)), Infinity)
      this.#record.count(-deleted.bytes)
      this.#record.showBytes()
      const isDone = deleted.isAll && !isTooMuch
      this.#record.setTendAt(isDone ? this.#nextExpiry(retentionDays, now) : now)
    })
  }

  #nextExpiry(retentionDays: number | undefined, now: number): number | undefined {
    const oldest = this.#lines.oldestMilliseconds()
    if (retentionDays === undefined || oldest === undefined) return undefined
    return Math.max(oldest + retentionDays * DAY_MILLISECONDS, now + TEND_AFTER_MILLISECONDS)
  }

  #maxStoredBytes(): number {
    return this.#host.maxStoredBytes ?? DEFAULT_MAX_STORED_BYTES
  }

  #arm(): void {
    this.#alarm.arm(this.#wakeAt())
  }

  /** When there is something to do; `Infinity` when there is nothing. */
  #wakeAt(): number {
    const now = this.#host.now()
    const isPublished = this.#record.unpublished() === undefined
    const tendAt = this.#record.tendAt() ?? Infinity
    return Math.min(
      isPublished ? Infinity : now + PUBLISH_AGAIN_MILLISECONDS,
      tendAt > now ? tendAt : now + SOONEST_ALARM_MILLISECONDS,
    )
  }
}

/** Lines before this are expired. */
function expiredAt(retentionDays: number | undefined, now: number): number {
  return retentionDays === undefined ? 0 : now - retentionDays * DAY_MILLISECONDS
}
