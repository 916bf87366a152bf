import type { RunResult } from '../ports/function-runner.ts'
import type { ShardStatus } from '../ports/event-sources.ts'
import type { ShardRead } from '../ports/stream-reader.ts'
import {
  backoffMilliseconds,
  cutBatch,
  failed,
  faulted,
  type Batch,
  type BatchLimits,
} from './batch.ts'
import { ExpiredReport } from './expired-report.ts'
import { Pause } from './pause.ts'
import type { Granted, PumpEffect } from './pump-effect.ts'
import type { PumpState } from './pump-state.ts'
import { PATIENCE_MILLISECONDS, Question } from './question.ts'
import { ReadAhead } from './read-ahead.ts'
import { StatusReport } from './status-report.ts'

export interface PumpHost {
  idlePollMilliseconds: number
  newId: () => string
}

/**
 * What a try's lease leaves for loading the code, which may take 25 seconds, and for the answer's
 * way back. With less, a try that is given up too early would run beside the next one.
 */
const LEASE_MARGIN_MILLISECONDS = 30_000
const THROTTLED_MILLISECONDS = 1000
const FEWEST_READ_LIMIT = 500
/** So many faults in a row are told: one alone is over before anyone could look. */
const TOLD_FAULTS = 3

/**
 * One mapping × one shard, as a state machine that knows no platform: it is told what happened and
 * says what to do. Records are delivered in order, one batch at a time, and the position moves only
 * when a batch succeeded. After each input the host saves `state`, sets its alarm to `alarmAt` and
 * carries the effects out; whatever is lost on the way, the alarm makes up for.
 */
export class ShardPump {
  readonly state: PumpState
  limits: BatchLimits
  readonly #host: PumpHost
  readonly #ahead = new ReadAhead()
  readonly #question = new Question()
  readonly #pause = new Pause()
  readonly #report: StatusReport
  readonly #expired: ExpiredReport
  #readFaults = 0
  #refusals = 0

  constructor(state: PumpState, limits: BatchLimits, host: PumpHost) {
    this.state = state
    this.limits = limits
    this.#host = host
    this.#report = new StatusReport(state)
    this.#expired = new ExpiredReport(state)
  }

  /** A ticket: there is more. It shortens the wait of a pump with nothing to do, and no other. */
  wake(now: number): PumpEffect[] {
    this.#ahead.wake()
    this.#pause.endIdle()
    return this.#next(now)
  }

  /** Something was repaired: no pause is worth keeping. */
  hurry(now: number): PumpEffect[] {
    this.#pause.end()
    const { batch } = this.state
    if (batch !== undefined) this.state.batch = { ...batch, notBeforeMilliseconds: 0 }
    return this.wake(now)
  }

  /** The alarm went off. */
  tick(now: number): PumpEffect[] {
    return this.#pause.isIdleOver(now) ? this.wake(now) : this.#next(now)
  }

  wasRead(readNumber: number, read: ShardRead, now: number): PumpEffect[] {
    if (!this.#ahead.end(readNumber)) return []
    this.#readFaults = 0
    if (read.kind === 'throttled') this.#pause.begin(now + THROTTLED_MILLISECONDS)
    if (read.kind === 'gone') {
      this.#report.problem('Stream not found', false)
      this.#idle(now)
    }
    if (read.kind !== 'records') return this.#next(now)
    this.#ahead.add(read.records, read.hasMore, read.isEnd)
    this.#letExpiredGo()
    return this.#next(now)
  }

  readFailed(readNumber: number, reason: string, now: number): PumpEffect[] {
    if (!this.#ahead.end(readNumber)) return []
    this.#readFaults += 1
    this.#pause.begin(now + backoffMilliseconds(this.#readFaults))
    if (this.#readFaults >= TOLD_FAULTS) {
      this.#report.problem(`The shard could not be read: ${reason}`, true)
    }
    return this.#next(now)
  }

  /** There is a place to run in; it is given back when nobody needs it any more. */
  granted(acquireNumber: number, { record, place }: Granted, now: number): PumpEffect[] {
    if (!this.#question.answer(acquireNumber) || !this.#isBatchHere()) {
      return [{ kind: 'giveBack', place }]
    }
    const { state } = this
    this.#refusals = 0
    this.#letExpiredGo()
    const batch = state.batch ?? cutBatch(this.#ahead.records, this.limits, this.#host.newId())
    state.batch = batch
    state.tryNumber += 1
    const leaseMilliseconds = record.configuration.Timeout * 1000 + LEASE_MARGIN_MILLISECONDS
    state.runningUntilMilliseconds = now + leaseMilliseconds
    const records = this.#ahead.records.slice(0, this.#ahead.countUpTo(batch.lastSequenceNumber))
    const { tryNumber } = state
    return [{ kind: 'run', tryNumber, batch, records, record, place }, ...this.#next(now)]
  }

  /** There is nowhere to run: that is told, and asked again after a pause. */
  refused(acquireNumber: number, reason: string, now: number): PumpEffect[] {
    if (!this.#question.answer(acquireNumber)) return []
    this.#refusals += 1
    this.#pause.begin(now + backoffMilliseconds(this.#refusals))
    this.#report.problem(reason, false)
    this.#ahead.drop()
    return this.#next(now)
  }

  ran(tryNumber: number, result: RunResult, now: number): PumpEffect[] {
    const { state } = this
    if (state.runningUntilMilliseconds === undefined || tryNumber !== state.tryNumber) return []
    state.runningUntilMilliseconds = undefined
    if (!result.ran) this.#fault(result, now)
    else if (result.outcome.kind === 'succeeded') this.#succeed()
    else this.#fail(result.outcome.errorMessage ?? 'null', now)
    return this.#next(now)
  }

  reported(status: ShardStatus, now: number): PumpEffect[] {
    this.#report.heard(status)
    return this.#next(now)
  }

  buried(requestId: string, now: number): PumpEffect[] {
    this.#expired.heard(requestId)
    return this.#next(now)
  }

  /** When to come back, whatever else happens; `undefined` when there is nothing left to do. */
  alarmAt(now: number): number | undefined {
    const { state } = this
    const patience = now + PATIENCE_MILLISECONDS
    const isTold = state.isReported && this.#expired.isHeard
    if (state.status.kind === 'ended') return isTold ? undefined : patience
    const wait =
      state.runningUntilMilliseconds ??
      Math.max(this.#pause.until, state.batch?.notBeforeMilliseconds ?? 0)
    return wait > now ? Math.min(wait, isTold ? Infinity : patience) : patience
  }

  #next(now: number): PumpEffect[] {
    const step = this.#nextStep(now)
    const effects = this.#expired.due(now).map((part): PumpEffect => ({ kind: 'expired', ...part }))
    const status = this.#report.due(now)
    if (status !== undefined) effects.push({ kind: 'report', status })
    return [...effects, ...step]
  }

  #nextStep(now: number): PumpEffect[] {
    const { state } = this
    const running = state.runningUntilMilliseconds
    if (state.status.kind === 'ended') return []
    if (running !== undefined && now < running) return this.#readOn(now)
    if (running !== undefined) {
      state.runningUntilMilliseconds = undefined
      this.#fault({ reason: 'The try was lost' }, now)
    }
    if (now < Math.max(this.#pause.until, state.batch?.notBeforeMilliseconds ?? 0)) return []
    if (this.#question.isOpen(now)) return []
    if (this.#isBatchHere()) return [{ kind: 'acquire', acquireNumber: this.#question.ask(now) }]
    if (this.#ahead.isReading(now)) return []
    if (this.#ahead.mayHaveMore()) return this.#read(now)
    if (this.#ahead.isEnd) this.#report.set({ kind: 'ended' })
    else this.#idle(now)
    return []
  }

  /** While a batch runs, the next one is fetched. */
  #readOn(now: number): PumpEffect[] {
    const { batch } = this.state
    if (this.#ahead.isEnoughBehind(batch?.count ?? 0, this.limits.batchSize)) return []
    if (!this.#ahead.mayHaveMore()) return []
    return this.#ahead.isReading(now) || now < this.#pause.until ? [] : this.#read(now)
  }

  #read(now: number): PumpEffect[] {
    const limit = Math.max(this.limits.batchSize, this.state.batch?.count ?? 0, FEWEST_READ_LIMIT)
    return [{ kind: 'read', limit, ...this.#ahead.begin(this.state.position, now) }]
  }

  /** Whether what is to be tried next is in memory, all of it. */
  #isBatchHere(): boolean {
    const { batch } = this.state
    if (this.#ahead.records.length === 0) return false
    return batch === undefined || this.#ahead.hasAllUpTo(batch.lastSequenceNumber)
  }

  /** A batch that was tried for too long loses the records that expired meanwhile, and only those. */
  #letExpiredGo(): void {
    const { state } = this
    const { batch } = state
    if (batch === undefined || state.runningUntilMilliseconds !== undefined) return
    if (!this.#ahead.hasAllUpTo(batch.lastSequenceNumber)) return
    const left = this.#ahead.countUpTo(batch.lastSequenceNumber)
    const count = batch.count - left
    if (count <= 0) return
    const firstSequenceNumber = this.#ahead.records.at(0)?.sequenceNumber ?? ''
    if (left > 0) state.batch = { ...batch, count: left, firstSequenceNumber }
    else this.#moveBehind(batch)
    this.#expired.add({ requestId: left > 0 ? this.#host.newId() : batch.requestId, batch, count })
  }

  #succeed(): void {
    const { batch } = this.state
    if (batch !== undefined) this.#moveBehind(batch)
  }

  #moveBehind({ lastSequenceNumber }: Batch): void {
    this.state.position = { kind: 'after', sequenceNumber: lastSequenceNumber }
    this.state.batch = undefined
    this.#ahead.take(this.#ahead.countUpTo(lastSequenceNumber))
    this.#report.set({ kind: 'ok' })
  }

  #fail(errorMessage: string, now: number): void {
    if (this.state.batch === undefined) return
    const batch = failed(this.state.batch, now)
    this.state.batch = batch
    this.#report.blocked(batch, batch.failures, errorMessage)
    this.#ahead.drop()
  }

  #fault({ reason, isBusy }: { reason: string; isBusy?: boolean }, now: number): void {
    if (this.state.batch === undefined || isBusy === true) return
    const batch = faulted(this.state.batch, now)
    this.state.batch = batch
    if (batch.faults >= TOLD_FAULTS) this.#report.blocked(batch, batch.faults, reason)
    this.#ahead.drop()
  }

  #idle(now: number): void {
    this.#pause.idle(now + this.#host.idlePollMilliseconds)
  }
}
