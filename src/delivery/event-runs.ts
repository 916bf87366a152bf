import { functionArn } from '../aws/arn.ts'
import type { FunctionRecord } from '../aws/function-configuration.ts'
import { logFault } from '../aws/log-fault.ts'
import type { Settings } from '../aws/settings.ts'
import type { Place } from '../ports/function-capacity.ts'
import type { FunctionRunner, RunResult } from '../ports/function-runner.ts'
import type { FunctionInbox, RunningEvent } from './function-inbox.ts'
import type { FunctionRecordStore } from './function-record.ts'
import { afterFailure, afterFault, type Verdict } from './retry-policy.ts'

export interface EventRunsHost {
  inbox: FunctionInbox
  record: FunctionRecordStore
  runner: FunctionRunner
  settings: Settings
  now: () => number
  /** A place that an event had is free again, or rests because its instance is busy. */
  giveBack(place: Place, isBusy: boolean): void
}

const AT_ONCE: Verdict = { kind: 'retry', delayMilliseconds: 0 }

/** Takes events of the inbox to their outcomes, and sees to what comes next. */
export class EventRuns {
  readonly #host: EventRunsHost

  constructor(host: EventRunsHost) {
    this.#host = host
  }

  /** Starts at most `limit` events that are due, each in a place that `takePlace` gives. */
  startDue(limit: number, leaseMilliseconds: number, takePlace: () => Place): void {
    const record = this.#host.record.current()
    for (const event of this.#host.inbox.take(this.#host.now(), limit, leaseMilliseconds)) {
      if (record === undefined) this.#die(event)
      else void this.#run(event, record, takePlace())
    }
  }

  /** Events whose lease ran out: the platform failed them. */
  faultLost(now: number): void {
    for (const event of this.#host.inbox.lost(now)) this.#fault(event, 'The instance was lost')
  }

  /** Runs one event to its outcome. Cannot reject. */
  async #run(event: RunningEvent, record: FunctionRecord, place: Place): Promise<void> {
    const startedAtMilliseconds = this.#host.now()
    const { requestId, payload, failures, faults } = event
    const attempt = failures + faults + 1
    const result = await this.#host.runner
      .run({ record, requestId, attempt, slot: place.slot, payload })
      .catch((error: unknown): RunResult => ({ ran: false, reason: String(error) }))
    try {
      this.#settle(event, result, startedAtMilliseconds)
      this.#host.giveBack(place, !result.ran && result.isBusy === true)
    } catch (error) {
      // The lease is still there: when it ends the event is tried again.
      logFault('outcome not settled', { requestId }, error)
    }
  }

  #settle(event: RunningEvent, result: RunResult, startedAtMilliseconds: number): void {
    const { inbox, settings } = this.#host
    const now = this.#host.now()
    if (!result.ran) {
      if (result.isBusy === true) inbox.settle(event, AT_ONCE, result.reason, now)
      else this.#fault(event, result.reason)
    } else if (result.outcome.kind === 'succeeded') {
      inbox.succeed(event, now)
    } else {
      const errorMessage = result.outcome.errorMessage ?? 'null'
      const durationMilliseconds = now - startedAtMilliseconds
      event.attempts.push({ startedAtMilliseconds, durationMilliseconds, errorMessage })
      event.failures += 1
      const verdict = afterFailure(event.failures, settings.retryDelaysSeconds)
      inbox.settle(event, verdict, errorMessage, now)
    }
  }

  /** A try that the platform failed: it has a budget of its own. */
  #fault(event: RunningEvent, reason: string): void {
    const { requestId } = event
    const functionName = this.#host.record.functionName()
    logFault('event not run', { functionName, requestId }, reason)
    const now = this.#host.now()
    event.faults += 1
    const verdict = afterFault(event.faults, now - event.acceptedAtMilliseconds)
    this.#host.inbox.settle(event, verdict, reason, now)
  }

  #die(event: RunningEvent): void {
    const { inbox, record, settings, now } = this.#host
    const name = record.functionName()
    const which = name === undefined ? 'it was never uploaded' : functionArn(settings, name)
    inbox.settle(event, { kind: 'dead' }, `Function not found: ${which}`, now())
  }
}
