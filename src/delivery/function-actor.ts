import { functionArn } from '../aws/arn.ts'
import type {
  ConfigurationChanges,
  FunctionDraft,
  FunctionRecord,
} from '../aws/function-configuration.ts'
import { logFault } from '../aws/log-fault.ts'
import type { Settings } from '../aws/settings.ts'
import type { Alarm } from '../ports/alarm.ts'
import type { CodeStore } from '../ports/code-store.ts'
import type { AcceptedEvent, DeadLetterPage } from '../ports/function-inboxes.ts'
import type { FunctionRunner, RunResult } from '../ports/function-runner.ts'
import type { FunctionStore } from '../ports/function-store.ts'
import type { Sql } from '../ports/sql.ts'
import { deadLetterPage } from './dead-letters.ts'
import { FunctionInbox, type RunningEvent } from './function-inbox.ts'
import { FunctionRecordStore } from './function-record.ts'
import { afterFailure, afterFault, type Verdict } from './retry-policy.ts'
import { Slots, type Slot } from './slots.ts'
import { StoredObjects } from './stored-objects.ts'

/** What a platform gives the actor of one function to live on. */
export interface FunctionActorHost {
  sql: Sql
  alarm: Alarm
  functions: Pick<FunctionStore, 'put' | 'delete'>
  code: Pick<CodeStore, 'delete' | 'list'>
  runner: FunctionRunner
  settings: Settings
  now: () => number
  newId: () => string
}

/** What a lease leaves for loading the code and for the answer's way back. */
const LEASE_MARGIN_MILLISECONDS = 30_000
/** After this a write that the function store refused is tried again: it takes one a second. */
const PUBLISH_AGAIN_MILLISECONDS = 1100
/** What is overdue and could not be done just now is not tried in a tight loop. */
const SOONEST_ALARM_MILLISECONDS = 10

/** For so long a slot is left alone whose instance said that it has another event. */
const BUSY_SLOT_MILLISECONDS = 1000
const AT_ONCE: Verdict = { kind: 'retry', delayMilliseconds: 0 }

/**
 * One function: the single writer of its record, and the keeper of its events from accepted to
 * done or dead. Everything that has to outlive a crash is in `sql`; what is in memory is only
 * which slots are busy and when the alarm is set.
 */
export class FunctionActor {
  readonly #host: FunctionActorHost
  readonly #objects: StoredObjects
  readonly #record: FunctionRecordStore
  readonly #inbox: FunctionInbox
  readonly #slots: Slots
  #publishing: Promise<void> | undefined
  #alarmAt = Infinity

  constructor(host: FunctionActorHost) {
    this.#host = host
    this.#objects = new StoredObjects(host.sql, host.code)
    this.#record = new FunctionRecordStore(host.sql, this.#objects)
    this.#inbox = new FunctionInbox(host.sql)
    this.#slots = new Slots(host.settings.functionConcurrency)
  }

  get(): FunctionRecord | undefined {
    return this.#record.current()
  }

  expectObjects(functionName: string): void {
    this.#objects.expect(functionName, this.#host.now())
    this.#arm()
  }

  async upload(draft: FunctionDraft, codeKey: string): Promise<FunctionRecord> {
    const record = this.#record.upload(draft, codeKey, this.#change())
    await this.#publish()
    return record
  }

  async updateConfiguration(changes: ConfigurationChanges): Promise<FunctionRecord | undefined> {
    const record = this.#record.updateConfiguration(changes, this.#change())
    if (record !== undefined) await this.#publish()
    return record
  }

  async delete(): Promise<boolean> {
    const existed = this.#record.delete(this.#host.now())
    if (existed) await this.#publish()
    return existed
  }

  accept(events: AcceptedEvent[]): void {
    this.#inbox.add(events, this.#host.now())
    this.#startDue()
    this.#arm()
  }

  deadLetters(limit: number, cursor?: string): DeadLetterPage {
    return deadLetterPage(this.#host.sql, limit, cursor)
  }

  /**
   * The alarm went off. Re-arms before it acts, so that a crash in between is found again, and
   * cannot reject: a platform may drop an alarm whose handler fails too often.
   */
  async wake(): Promise<void> {
    this.#alarmAt = Infinity
    this.#armAt(this.#host.now() + LEASE_MARGIN_MILLISECONDS)
    try {
      await this.#catchUp(this.#host.now())
      this.#rearm()
    } catch (error) {
      logFault('function actor', { functionName: this.#record.functionName() }, error)
    }
  }

  async #catchUp(now: number): Promise<void> {
    for (const event of this.#inbox.lost(now)) this.#fault(event, 'The instance was lost')
    this.#slots.release(now)
    this.#inbox.forgetFinished(now)
    this.#startDue()
    await this.#publish()
    await this.#objects.clean(this.#references, now)
  }

  #startDue(): void {
    const free = this.#slots.free()
    if (free <= 0) return
    const now = this.#host.now()
    const record = this.#record.current()
    const timeoutMilliseconds = (record?.configuration.Timeout ?? 0) * 1000
    const lease = timeoutMilliseconds + LEASE_MARGIN_MILLISECONDS
    for (const event of this.#inbox.take(now, free, lease)) {
      if (record === undefined) this.#die(event)
      else void this.#run(event, record, this.#slots.take(now + lease))
    }
  }

  /** Runs one event to its outcome and sees to what comes next. Cannot reject. */
  async #run(event: RunningEvent, record: FunctionRecord, slot: Slot): Promise<void> {
    const startedAtMilliseconds = this.#host.now()
    const { requestId, payload, failures, faults } = event
    const attempt = failures + faults + 1
    const result = await this.#host.runner
      .run({ record, requestId, attempt, slot: slot.number, payload })
      .catch((error: unknown): RunResult => ({ ran: false, reason: String(error) }))
    try {
      this.#settle(event, result, startedAtMilliseconds)
      if (!result.ran && result.isBusy === true) {
        this.#slots.hold(slot, this.#host.now() + BUSY_SLOT_MILLISECONDS)
      } else {
        this.#slots.giveBack(slot)
      }
      this.#startDue()
      this.#arm()
    } catch (error) {
      // The lease is still there: when it ends the event is tried again.
      logFault('outcome not settled', { requestId }, error)
    }
  }

  #settle(event: RunningEvent, result: RunResult, startedAtMilliseconds: number): void {
    const now = this.#host.now()
    if (!result.ran) {
      if (result.isBusy === true) this.#inbox.settle(event, AT_ONCE, result.reason, now)
      else this.#fault(event, result.reason)
    } else if (result.outcome.kind === 'succeeded') {
      this.#inbox.succeed(event, now)
    } else {
      const errorMessage = result.outcome.errorMessage ?? 'null'
      const durationMilliseconds = now - startedAtMilliseconds
      event.attempts.push({ startedAtMilliseconds, durationMilliseconds, errorMessage })
      event.failures += 1
      const verdict = afterFailure(event.failures, this.#host.settings.retryDelaysSeconds)
      this.#inbox.settle(event, verdict, errorMessage, now)
    }
  }

  /** A try that the platform failed: it has a budget of its own. */
  #fault(event: RunningEvent, reason: string): void {
    const { requestId } = event
    logFault('event not run', { functionName: this.#record.functionName(), requestId }, reason)
    const now = this.#host.now()
    event.faults += 1
    const verdict = afterFault(event.faults, now - event.acceptedAtMilliseconds)
    this.#inbox.settle(event, verdict, reason, now)
  }

  #die(event: RunningEvent): void {
    const { settings, now } = this.#host
    const name = this.#record.functionName()
    const which = name === undefined ? 'it was never uploaded' : functionArn(settings, name)
    this.#inbox.settle(event, { kind: 'dead' }, `Function not found: ${which}`, now())
  }

  /** Brings the function store up to date; one write at a time, and the newest state wins. */
  #publish(): Promise<void> {
    this.#publishing ??= this.#publishNewest().finally(() => {
      this.#publishing = undefined
    })
    return this.#publishing
  }

  async #publishNewest(): Promise<void> {
    for (;;) {
      const unpublished = this.#record.unpublished()
      if (unpublished === undefined) return
      this.#armAt(this.#host.now() + PUBLISH_AGAIN_MILLISECONDS)
      const record = this.#record.current()
      try {
        if (record === undefined) await this.#host.functions.delete(unpublished.name)
        else await this.#host.functions.put(record)
      } catch (error) {
        // The alarm is set: the record is stored here, and its copy follows.
        logFault('record not published', { functionName: unpublished.name }, error)
        return
      }
      this.#record.markPublished(unpublished.version)
    }
  }

  readonly #references = {
    hasCode: (codeKey: string) => this.#record.current()?.codeKey === codeKey,
    hasEvent: (requestId: string) => this.#inbox.has(requestId),
  }

  #change() {
    return { newId: this.#host.newId(), nowMilliseconds: this.#host.now() }
  }

  /** Sets the alarm anew from what is wanted now, or calls it off. */
  #rearm(): void {
    this.#alarmAt = Infinity
    this.#arm()
    if (this.#alarmAt === Infinity) this.#host.alarm.clear()
  }

  #arm(): void {
    const now = this.#host.now()
    const wishes = [this.#inbox.nextExpiry(), this.#objects.nextDue()]
    // With every slot busy it is the next one to end that starts the next event, not the alarm.
    wishes.push(this.#slots.free() > 0 ? this.#inbox.nextReady() : this.#slots.nextRelease())
    if (this.#record.unpublished() !== undefined) wishes.push(now + PUBLISH_AGAIN_MILLISECONDS)
    const earliest = Math.min(...wishes.map((wish) => wish ?? Infinity))
    this.#armAt(earliest > now ? earliest : now + SOONEST_ALARM_MILLISECONDS)
  }

  /** One alarm for all: only an earlier one is worth a write. */
  #armAt(atMilliseconds: number): void {
    if (atMilliseconds >= this.#alarmAt) return
    this.#alarmAt = atMilliseconds
    this.#host.alarm.set(atMilliseconds)
  }
}
