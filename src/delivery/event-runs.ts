import { functionArn } from '../aws/arn.ts'
import type { FunctionRecord } from '../aws/function-configuration.ts'
import { logFault } from '../aws/log-fault.ts'
import type { Settings } from '../aws/settings.ts'
import type { Place } from '../ports/function-capacity.ts'
import type { AcceptedEvent } from '../ports/function-inboxes.ts'
import type { FunctionLog } from '../ports/function-log.ts'
import type { FunctionRunner, RunResult } from '../ports/function-runner.ts'
import type { Backlog } from './backlog.ts'
import { BytesInFlight } from './bytes-in-flight.ts'
import type { FunctionInbox, RunningEvent, Success } from './function-inbox.ts'
import type { FunctionRecordStore } from './function-record.ts'
import { afterFailure, afterFault, type Verdict } from './retry-policy.ts'
import { countWithin } from './take-limits.ts'
import { WrittenTogether } from './written-together.ts'

export interface EventRunsHost {
  inbox: FunctionInbox
  record: FunctionRecordStore
  runner: FunctionRunner
  settings: Settings
  backlog: Backlog
  log: FunctionLog
  now: () => number
  /**
   * Where a write costs much: resolves a moment later, so that events that end in the meantime are
   * stored by the same. One whose end is lost with the actor in this moment runs again.
   */
  pauseBeforeWrite?: () => Promise<void>
  /** A place that an event had is free again, or rests because its instance is busy. */
  giveBack(place: Place, isBusy: boolean): void
}

const HOUR_MILLISECONDS = 60 * 60 * 1000
const AT_ONCE: Verdict = { kind: 'retry', delayMilliseconds: 0 }

/** Takes events of the inbox to their outcomes, and sees to what comes next. */
export class EventRuns {
  readonly #host: EventRunsHost
  readonly #succeed: (success: Success) => void
  readonly #inFlight = new BytesInFlight()

  constructor(host: EventRunsHost) {
    this.#host = host
    const { inbox, pauseBeforeWrite } = host
    if (pauseBeforeWrite === undefined) this.#succeed = (success) => inbox.succeed([success])
    else {
      const stored = new WrittenTogether((all: Success[]) => inbox.succeed(all), pauseBeforeWrite)
      this.#succeed = (success) => {
        stored.add(success).catch((error: unknown) => notSettled(success.event, error))
      }
    }
  }

  /** Whether there is memory for another event: without it none is started. */
  hasRoom(): boolean {
    return this.#inFlight.free() > 0
  }

  /** Starts at most `limit` events that are due, each in a place that `takePlace` gives. */
  startDue(limit: number, leaseMilliseconds: number, takePlace: () => Place): void {
    const bytes = this.#inFlight.free()
    if (limit <= 0 || bytes <= 0) return
    const record = this.#host.record.current()
    const limits = { events: limit, bytes }
    for (const event of this.#host.inbox.take(this.#host.now(), limits, leaseMilliseconds)) {
      if (record === undefined) this.#die(event)
      else void this.#run(event, record, takePlace())
    }
  }

  /**
   * Stores new events as begun, at most `limit` and only if none waits before them, each in a place
   * that `takePlace` gives; answers those that are left.
   */
  startNew(
    events: readonly AcceptedEvent[],
    limit: number,
    leaseMilliseconds: number,
    takePlace: () => Place,
  ): readonly AcceptedEvent[] {
    const { inbox, backlog } = this.#host
    const record = this.#host.record.current()
    const now = this.#host.now()
    const bytes = this.#inFlight.free()
    if (limit <= 0 || bytes <= 0 || record === undefined || inbox.nextReady() <= now) return events
    const sizes = events.map(({ payload }) => payload.length)
    const count = countWithin(sizes, { events: limit, bytes })
    const begun = inbox.addTaken(events.slice(0, count), now + leaseMilliseconds)
    backlog.add(begun)
    for (const event of begun) void this.#run(event, record, takePlace())
    return events.slice(count)
  }

  /** Events whose lease ran out: the platform failed them. */
  faultLost(now: number): void {
    this.#inFlight.release(now)
    for (const event of this.#host.inbox.lost(now)) this.#fault(event, 'The instance was lost')
  }

  /** Runs one event to its outcome. Cannot reject. */
  async #run(event: RunningEvent, record: FunctionRecord, place: Place): Promise<void> {
    const startedAtMilliseconds = this.#host.now()
    const { requestId, payload, failures, faults } = event
    const attempt = failures + faults + 1
    const held = this.#inFlight.take(payload.length, place.untilMilliseconds)
    const result = await this.#host.runner
      .run({ record, requestId, attempt, slot: place.slot, payload })
      .catch((error: unknown): RunResult => ({ ran: false, reason: String(error) }))
    this.#inFlight.giveBack(held)
    try {
      this.#settle(event, result, startedAtMilliseconds)
      this.#host.giveBack(place, !result.ran && result.isBusy === true)
    } catch (error) {
      notSettled(event, error)
    }
  }

  #settle(event: RunningEvent, result: RunResult, startedAtMilliseconds: number): void {
    const { inbox, settings, backlog } = this.#host
    const now = this.#host.now()
    if (!result.ran) {
      if (result.isBusy === true) inbox.settle(event, AT_ONCE, result.reason, now)
      else this.#fault(event, result.reason)
      return
    }
    const { outcome, instance } = result
    const attempt = { startedAtMilliseconds, durationMilliseconds: now - startedAtMilliseconds }
    if (outcome.kind === 'succeeded') {
      event.attempts.push({ ...attempt, instance })
      const retentionMilliseconds = settings.invocationRetentionHours * HOUR_MILLISECONDS
      this.#succeed({ event, forgetAtMilliseconds: now + retentionMilliseconds })
      backlog.remove([event])
    } else {
      const errorMessage = outcome.errorMessage ?? 'null'
      event.attempts.push({ ...attempt, instance, errorMessage })
      event.failures += 1
      const verdict = afterFailure(event.failures, settings.retryDelaysSeconds)
      inbox.settle(event, verdict, errorMessage, now)
    }
  }

  /** What is given up without having failed in its function is told of in the function's log. */
  #decide(event: RunningEvent, verdict: Verdict, reason: string): void {
    const { inbox, record, log, now } = this.#host
    inbox.settle(event, verdict, reason, now())
    const functionName = record.functionName()
    if (verdict.kind !== 'dead' || functionName === undefined) return
    log.note(functionName, event.requestId, `Event given up: ${reason}`)
  }

  /** A try that the platform failed: it has a budget of its own. */
  #fault(event: RunningEvent, reason: string): void {
    const { requestId } = event
    const functionName = this.#host.record.functionName()
    logFault('event not run', { functionName, requestId }, reason)
    event.faults += 1
    const age = this.#host.now() - event.acceptedAtMilliseconds
    this.#decide(event, afterFault(event.faults, age), reason)
  }

  #die(event: RunningEvent): void {
    const { record, settings } = this.#host
    const name = record.functionName()
    const which = name === undefined ? 'it was never uploaded' : functionArn(settings, name)
    this.#decide(event, { kind: 'dead' }, `Function not found: ${which}`)
  }
}

/** The lease is still there: when it ends the event is tried again. */
function notSettled({ requestId }: RunningEvent, error: unknown): void {
  logFault('outcome not settled', { requestId }, error)
}
