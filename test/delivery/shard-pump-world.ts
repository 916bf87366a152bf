import type { Batch } from '../../src/delivery/batch.ts'
import type { PumpEffect } from '../../src/delivery/pump-effect.ts'
import { initialState, type PumpState } from '../../src/delivery/pump-state.ts'
import { ShardPump } from '../../src/delivery/shard-pump.ts'
import type { RunResult } from '../../src/ports/function-runner.ts'
import type { ShardRead, StreamRecord } from '../../src/ports/stream-reader.ts'
import { recordOf } from '../contracts/function-store.ts'
import type { Random } from '../support/random.ts'

// A world around one pump: a shard, a function, a disk, a clock, and all that can go wrong between
// them. What it checks it works out from what was put and what ran, never from the pump.

const TIMEOUT_SECONDS = 3
const BATCH_SIZE = 4
/** A function that is called for the first time has to be loaded, for so long at most. */
const LONGEST_LOAD_MILLISECONDS = 25_000
/** An answer that takes so long on its way may come after the try was given up. */
const LATE_MILLISECONDS = 2000
const RETENTION_MILLISECONDS = 120_000

const GRANTED = {
  record: recordOf('fed', { Timeout: TIMEOUT_SECONDS }),
  place: { slot: 0, untilMilliseconds: 0 },
}

interface Stored {
  number: number
  arrivedAtMilliseconds: number
}

/** One execution of the function, from its begin to its real end, whoever still waits for it. */
interface Execution {
  numbers: number[]
  endsAtMilliseconds: number
  hasSucceeded: boolean
}

interface Pending {
  effect: PumpEffect
  /** A crash leaves nobody to hear the answer. */
  life: number
  execution?: Execution
  read?: ShardRead
}

export interface Odds {
  crash: number
  failure: number
  fault: number
  lostWake: number
  jump: number
}

const sequenceNumberOf = (number: number) => String(number).padStart(56, '0')

export class ShardPumpWorld {
  readonly #random: Random
  readonly #odds: Odds
  readonly #make: (state: PumpState) => ShardPump
  readonly #log: Stored[] = []
  readonly #pending: Pending[] = []
  readonly #executions: Execution[] = []
  readonly #delivered = new Set<number>()
  readonly #buried = new Set<number>()
  #disk: string
  #alarmAt: number | undefined = 0
  #pump: ShardPump | undefined
  #life = 0
  #now = 1_000_000
  #put = 0
  #isClosed = false
  #disturbances = 0
  isQuiet = false

  constructor(random: Random, odds: Odds, PumpClass: typeof ShardPump = ShardPump) {
    this.#random = random
    this.#odds = odds
    let ids = 0
    const newId = () => `id-${(ids += 1)}`
    this.#make = (state) =>
      new PumpClass(
        state,
        { batchSize: BATCH_SIZE, envelopeBytes: 10 },
        { idlePollMilliseconds: 20_000, newId },
      )
    this.#disk = JSON.stringify(initialState({ kind: 'trimHorizon' }))
  }

  step(): void {
    const random = this.#random
    if (!this.isQuiet && random.chance(this.#odds.crash)) {
      this.#crash()
      return
    }
    const action = random.below(10)
    if (action < 2) this.#putRecords()
    else if (action < 7 && this.#pending.length > 0) this.#answer()
    else if (action < 9) this.#passTime()
    else this.#wake()
  }

  close(): void {
    this.#isClosed = true
  }

  /** Nothing goes wrong any more, and time passes until nothing is left to do. */
  drain(): void {
    this.isQuiet = true
    for (let steps = 0; steps < 100_000; steps += 1) {
      if (this.#pending.length > 0) this.#answer()
      else if (this.#isDone()) return
      else this.#passTime(true)
    }
    throw new Error('The pump never came to rest')
  }

  /** Every record was delivered, or expired first: which is told of those that were tried. */
  checkNothingLost(): void {
    const horizon = this.#now - RETENTION_MILLISECONDS
    const lost = this.#log.filter(
      ({ number, arrivedAtMilliseconds }) =>
        arrivedAtMilliseconds > horizon && !this.#delivered.has(number),
    )
    if (lost.length > 0) throw new Error(`Lost: ${lost.map(({ number }) => number).join()}`)
    const tried = new Set(this.#executions.flatMap(({ numbers }) => numbers))
    const untold = tried.difference(this.#delivered).difference(this.#buried)
    if (untold.size > 0) throw new Error(`Expired untold: ${Array.from(untold).join()}`)
  }

  status(): string {
    return this.#saved().status.kind
  }

  deliveredCount(): number {
    return this.#delivered.size
  }

  #isDone(): boolean {
    const { status, position, expired = [] } = this.#saved()
    if (expired.length > 0) return false
    if (this.#isClosed) return status.kind === 'ended'
    const last = this.#available().at(-1)
    if (last === undefined) return this.#saved().batch === undefined
    return position.kind === 'after' && position.sequenceNumber === sequenceNumberOf(last.number)
  }

  #saved(): PumpState {
    return JSON.parse(this.#disk) as PumpState
  }

  #available(): Stored[] {
    const horizon = this.#now - RETENTION_MILLISECONDS
    return this.#log.filter(({ arrivedAtMilliseconds }) => arrivedAtMilliseconds > horizon)
  }

  #putRecords(): void {
    if (this.#isClosed) return
    const count = 1 + this.#random.below(6)
    for (let i = 0; i < count; i += 1) {
      this.#put += 1
      this.#log.push({ number: this.#put, arrivedAtMilliseconds: this.#now })
    }
    if (this.isQuiet || !this.#random.chance(this.#odds.lostWake)) this.#wake()
    if (this.#random.chance(0.2)) this.#wake()
  }

  #wake(): void {
    const isHurried = this.#random.chance(0.1)
    this.#feed((pump, now) => (isHurried ? pump.hurry(now) : pump.wake(now)))
  }

  #passTime(toAlarm = false): void {
    const jump = this.#random.chance(this.#odds.jump) ? 60_000 : 1 + this.#random.below(4000)
    const wait = (this.#alarmAt ?? this.#now + jump) - this.#now
    this.#now += toAlarm ? Math.max(wait, 0) : jump
    const isLate = ({ execution }: Pending) =>
      execution !== undefined && execution.endsAtMilliseconds + LATE_MILLISECONDS < this.#now
    if (this.#pending.some(isLate)) this.#disturbances += 1
    if (this.#alarmAt === undefined || this.#alarmAt > this.#now) return
    this.#alarmAt = undefined
    this.#feed((pump, now) => pump.tick(now))
  }

  #crash(): void {
    this.#disturbances += 1
    this.#life += 1
    this.#pump = undefined
  }

  /** One input: the pump decides, its state and alarm are stored as one, its effects carried out. */
  #feed(input: (pump: ShardPump, now: number) => PumpEffect[]): void {
    this.#pump ??= this.#make(this.#saved())
    const effects = input(this.#pump, this.#now)
    const mayCrash = !this.isQuiet && this.#random.chance(this.#odds.crash)
    if (mayCrash && this.#random.chance(0.5)) {
      // Before the write: an alarm that went off for this is tried again by the platform.
      this.#alarmAt ??= this.#now
      this.#crash()
      return
    }
    this.#disk = JSON.stringify(this.#pump.state)
    this.#alarmAt = this.#pump.alarmAt(this.#now)
    for (const effect of effects) {
      if (mayCrash) {
        this.#crash()
        return
      }
      this.#carryOut(effect)
    }
  }

  #carryOut(effect: PumpEffect): void {
    const pending: Pending = { effect, life: this.#life }
    if (effect.kind === 'run') pending.execution = this.#execute(effect.records)
    if (effect.kind === 'read') pending.read = this.#read(effect)
    if (effect.kind !== 'giveBack') this.#pending.push(pending)
  }

  #read({ position, limit }: Extract<PumpEffect, { kind: 'read' }>): ShardRead {
    const after = position.kind === 'after' ? Number(position.sequenceNumber) : 0
    const following = this.#available().filter(({ number }) => number > after)
    const most = Math.min(limit, 1 + this.#random.below(7))
    const records = following
      .slice(0, most)
      .map(({ number, arrivedAtMilliseconds }): StreamRecord => ({
        sequenceNumber: sequenceNumberOf(number),
        partitionKey: 'k',
        data: 'AA==',
        arrivedAtMilliseconds,
      }))
    const hasMore = following.length > records.length
    return { kind: 'records', records, hasMore, isEnd: this.#isClosed && !hasMore }
  }

  #execute(records: readonly StreamRecord[]): Execution {
    const numbers = records.map(({ sequenceNumber }) => Number(sequenceNumber))
    this.#checkExecution(numbers)
    const loads = this.#random.chance(0.1) ? this.#random.below(LONGEST_LOAD_MILLISECONDS) : 0
    const lasts = loads + this.#random.below(TIMEOUT_SECONDS * 1000)
    const fails = !this.isQuiet && this.#random.chance(this.#odds.failure)
    const execution = {
      numbers,
      endsAtMilliseconds: this.#now + lasts,
      hasSucceeded: !fails,
    }
    this.#executions.push(execution)
    if (execution.hasSucceeded) for (const number of numbers) this.#delivered.add(number)
    return execution
  }

  #checkExecution(numbers: number[]): void {
    const [first] = numbers
    if (first === undefined) throw new Error('An empty batch')
    if (numbers.length > BATCH_SIZE) throw new Error('A batch above BatchSize')
    if (numbers.some((number, i) => i > 0 && number <= (numbers[i - 1] ?? 0))) {
      throw new Error(`Out of order: ${numbers.join()}`)
    }
    const running = this.#executions.filter((one) => one.endsAtMilliseconds > this.#now)
    if (running.length > 0) throw new Error('Two batches in flight')
    const skipped = this.#available().filter(
      ({ number }) =>
        number < (numbers.at(-1) ?? 0) && !numbers.includes(number) && !this.#delivered.has(number),
    )
    if (skipped.length > 0) throw new Error(`Skipped ${skipped.map((one) => one.number).join()}`)
    const last = this.#executions.at(-1)
    if (last?.hasSucceeded === true && this.#disturbances === 0 && this.#delivered.has(first)) {
      throw new Error(`Repeated ${first} although nothing went wrong`)
    }
    if (last?.hasSucceeded === false) this.#checkRetry(last.numbers, numbers)
  }

  /** A failed batch comes again unchanged, but for what expired. */
  #checkRetry(failed: number[], retried: number[]): void {
    const available = new Set(this.#available().map(({ number }) => number))
    const left = failed.filter((number) => available.has(number))
    const isSame = left.every((number) => retried.includes(number))
    const wasLeft = failed.filter((number) => retried.includes(number)).length
    if (left.length === 0) return
    if (!isSame || retried.length !== wasLeft) {
      throw new Error(`Retried ${failed.join()} as ${retried.join()}`)
    }
  }

  /** Which records of the batch a dead letter stands for: those that are gone. */
  #bury({ firstSequenceNumber, lastSequenceNumber }: Batch): void {
    const available = new Set(this.#available().map(({ number }) => number))
    for (let n = Number(firstSequenceNumber); n <= Number(lastSequenceNumber); n += 1) {
      if (!available.has(n)) this.#buried.add(n)
    }
  }

  #answer(): void {
    const [pending] = this.#pending.splice(this.#random.below(this.#pending.length), 1)
    if (pending === undefined) return
    const { effect, execution } = pending
    if (execution !== undefined) this.#now = Math.max(this.#now, execution.endsAtMilliseconds)
    if (pending.life !== this.#life) return
    const isFaulty = !this.isQuiet && this.#random.chance(this.#odds.fault)
    if (isFaulty) this.#disturbances += 1
    switch (effect.kind) {
      case 'read': {
        const read = pending.read ?? { kind: 'throttled' }
        this.#feed((pump, now) =>
          isFaulty
            ? pump.readFailed(effect.readNumber, 'no network', now)
            : pump.wasRead(effect.readNumber, read, now),
        )
        return
      }
      case 'acquire': {
        this.#feed((pump, now) =>
          isFaulty
            ? pump.refused(effect.acquireNumber, 'Function not found', now)
            : pump.granted(effect.acquireNumber, GRANTED, now),
        )
        return
      }
      case 'run': {
        this.#feed((pump, now) => pump.ran(effect.tryNumber, resultOf(execution, isFaulty), now))
        return
      }
      case 'report':
        if (isFaulty) return
        {
          this.#feed((pump, now) => pump.reported(effect.status, now))
          return
        }
      case 'expired': {
        if (isFaulty) return
        this.#bury(effect.batch)
        this.#feed((pump, now) => pump.buried(effect.requestId, now))
        return
      }
      case 'giveBack':
    }
  }
}

/** A fault hides what the function did. */
function resultOf(execution: Execution | undefined, isFaulty: boolean): RunResult {
  if (isFaulty) return { ran: false, reason: 'connection lost' }
  return execution?.hasSucceeded === true
    ? { ran: true, outcome: { kind: 'succeeded' } }
    : { ran: true, outcome: { kind: 'failed', errorMessage: 'boom' } }
}
