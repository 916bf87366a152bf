import type {
  ConfigurationChanges,
  FunctionDraft,
  FunctionRecord,
} from '../aws/function-configuration.ts'
import { logFault } from '../aws/log-fault.ts'
import { PUBLISH_AGAIN_MILLISECONDS, Publisher } from '../aws/publisher.ts'
import type { AcceptedEvent } from '../ports/function-inboxes.ts'
import type { Grant, Place } from '../ports/function-capacity.ts'
import type { DeadLetterChoice } from '../ports/event-records.ts'
import { Backlog } from './backlog.ts'
import { DeadLetterBox } from './dead-letters.ts'
import { EarliestAlarm } from './earliest-alarm.ts'
import { EventRuns } from './event-runs.ts'
import type { FunctionActorHost } from './function-actor-host.ts'
import { FunctionInbox } from './function-inbox.ts'
import { EventHistory } from './event-history.ts'
import { FunctionRecordStore } from './function-record.ts'
import { withLateTables } from './late-tables.ts'
import { Places } from './places.ts'
import { publishedFunction } from './published-function.ts'
import { StoredObjects } from './stored-objects.ts'

/** What a lease leaves for loading the code and for the answer's way back. */
const LEASE_MARGIN_MILLISECONDS = 30_000
/** What is overdue and could not be done just now is not tried in a tight loop. */
const SOONEST_ALARM_MILLISECONDS = 10

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
  readonly #backlog: Backlog
  readonly letters: DeadLetterBox
  readonly history: EventHistory
  readonly #places: Places
  readonly #runs: EventRuns
  readonly #publisher: Publisher<FunctionRecord>
  readonly #alarm: EarliestAlarm

  constructor(host: FunctionActorHost) {
    this.#host = host
    this.#alarm = new EarliestAlarm(host.alarm)
    const sql = withLateTables(host.sql, 'events')
    this.#objects = new StoredObjects(sql, host.code)
    this.#record = new FunctionRecordStore(sql, this.#objects)
    this.#inbox = new FunctionInbox(sql)
    if (host.runsEndWithActor === true) this.#inbox.endLeases(host.now())
    this.#backlog = new Backlog(sql, host.maxBacklogBytes)
    this.letters = new DeadLetterBox(sql)
    this.history = new EventHistory(sql)
    this.#places = new Places(host.settings.functionConcurrency, host.now)
    const giveBack = (place: Place, isBusy: boolean) => this.#giveBack(place, isBusy)
    this.#runs = new EventRuns({
      ...host,
      inbox: this.#inbox,
      record: this.#record,
      backlog: this.#backlog,
      giveBack,
    })
    this.#publisher = new Publisher(
      this.#record,
      publishedFunction(host.functions, () => this.#record.functionName() ?? ''),
      // What is not published is something to wake up for: the alarm is set before it is tried.
      () => this.#arm(),
    )
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
    await this.#publisher.publish()
    return record
  }

  async updateConfiguration(changes: ConfigurationChanges): Promise<FunctionRecord | undefined> {
    const record = this.#record.updateConfiguration(changes, this.#change())
    if (record !== undefined) await this.#publisher.publish()
    return record
  }

  async delete(): Promise<boolean> {
    const existed = this.#record.delete(this.#host.now())
    if (existed) await this.#publisher.publish()
    return existed
  }

  accept(events: AcceptedEvent[]): 'taken' | 'full' {
    if (!this.#hasRoomFor(events)) return 'full'
    const rest = this.#startNew(events)
    if (rest.length > 0) {
      this.#backlog.add(this.#inbox.add(rest, this.#host.now()))
      this.#startDue()
    }
    this.#arm()
    return 'taken'
  }

  /** What is known already needs no room. */
  #hasRoomFor(events: AcceptedEvent[]): boolean {
    if (this.#backlog.hasRoomFor(events)) return true
    return this.#backlog.hasRoomFor(events.filter(({ requestId }) => !this.#inbox.has(requestId)))
  }

  /** A place for one event of a stream, when it is this holder's turn. */
  async acquire(holder: string): Promise<Grant> {
    if (this.#record.current() === undefined) return { kind: 'noSuchFunction' }
    const waiting = this.#places.wait(holder)
    this.#startDue()
    this.#arm()
    const place = await waiting
    if (place === undefined) return { kind: 'superseded' }
    // As it is now: it may have been replaced or deleted while the holder waited.
    const record = this.#record.current()
    if (record !== undefined) return { kind: 'granted', record, place }
    this.#giveBack(place, false)
    return { kind: 'noSuchFunction' }
  }

  release(place: Place, isBusy: boolean): void {
    this.#giveBack(place, isBusy)
  }

  /** Sends dead letters again; how many. */
  redrive(choice: DeadLetterChoice): number {
    const count = this.letters.redrive(choice, this.#host.now())
    this.#inbox.readyAt(this.#host.now())
    this.#startDue()
    this.#arm()
    return count
  }

  /** Deletes dead letters for good; how many. */
  purge(choice: DeadLetterChoice): number {
    const count = this.letters.purge(choice)
    this.#backlog.recount()
    return count
  }

  /** Lays down, for the function's owner to see, what its streams could not deliver. */
  bury(event: AcceptedEvent, reason: string): void {
    if (!this.#inbox.bury(event, reason, this.#host.now())) return
    this.#backlog.add([event])
    this.#host.log.note(event.functionName, event.requestId, `Records given up: ${reason}`)
  }

  /**
   * The alarm went off. Re-arms before it acts, so that a crash in between is found again, and
   * cannot reject: a platform may drop an alarm whose handler fails too often.
   */
  async wake(): Promise<void> {
    this.#alarm.rearm(this.#host.now() + LEASE_MARGIN_MILLISECONDS)
    try {
      await this.#catchUp(this.#host.now())
      this.#alarm.rearm(this.#wakeAt())
    } catch (error) {
      logFault('function actor', { functionName: this.#record.functionName() }, error)
    }
  }

  async #catchUp(now: number): Promise<void> {
    this.#runs.faultLost(now)
    this.#places.release()
    this.#inbox.forgetFinished(now)
    this.#startDue()
    await this.#publisher.publish()
    await this.#objects.clean(this.#references, now)
  }

  /** Starts what can be started at once; answers the rest. */
  #startNew(events: readonly AcceptedEvent[]): readonly AcceptedEvent[] {
    const leaseMilliseconds = this.#leaseMilliseconds()
    let rest = events
    this.#places.giveAway(leaseMilliseconds, (limit, takePlace) => {
      rest = this.#runs.startNew(events, limit, leaseMilliseconds, takePlace)
    })
    return rest
  }

  #startDue(): void {
    const leaseMilliseconds = this.#leaseMilliseconds()
    this.#places.giveAway(leaseMilliseconds, (limit, takePlace) => {
      this.#runs.startDue(limit, leaseMilliseconds, takePlace)
    })
  }

  #leaseMilliseconds(): number {
    const timeoutSeconds = this.#record.current()?.configuration.Timeout ?? 0
    return timeoutSeconds * 1000 + LEASE_MARGIN_MILLISECONDS
  }

  #giveBack(place: Place, isBusy: boolean): void {
    this.#places.giveBack(place, isBusy)
    this.#startDue()
    this.#arm()
  }

  readonly #references = {
    hasCode: (codeKey: string) => this.#record.current()?.codeKey === codeKey,
    hasEvent: (requestId: string) => this.#inbox.has(requestId),
  }

  #change() {
    return { newId: this.#host.newId(), nowMilliseconds: this.#host.now() }
  }

  #arm(): void {
    this.#alarm.arm(this.#wakeAt())
  }

  /** When there is something to do next, as it is now. */
  #wakeAt(): number {
    const now = this.#host.now()
    const wishes = [this.#inbox.nextExpiry(), this.#objects.nextDue()]
    // With every slot busy, or no memory left, it is the next one to end that starts the next
    // event, not the alarm.
    const canStart = this.#places.hasFree() && this.#runs.hasRoom()
    wishes.push(canStart ? this.#inbox.nextReady() : (this.#places.nextRelease() ?? Infinity))
    if (this.#record.unpublished() !== undefined) wishes.push(now + PUBLISH_AGAIN_MILLISECONDS)
    const earliest = Math.min(...wishes)
    return earliest > now ? earliest : now + SOONEST_ALARM_MILLISECONDS
  }
}
