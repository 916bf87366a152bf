import { logFault } from '../aws/log-fault.ts'
import type { Alarm } from '../ports/alarm.ts'
import type { PumpJob } from '../ports/pumps.ts'
import type { Sql } from '../ports/sql.ts'
import type { ShardPosition, StreamReader } from '../ports/stream-reader.ts'
import type { BatchLimits } from './batch.ts'
import { EarliestAlarm } from './earliest-alarm.ts'
import type { PumpEffect } from './pump-effect.ts'
import { nameOf, PumpErrands, type PumpErrandsHost, type Working } from './pump-errands.ts'
import { PumpRecordStore } from './pump-record.ts'
import { initialState, type PumpState } from './pump-state.ts'
import { PATIENCE_MILLISECONDS } from './question.ts'
import { ShardPump } from './shard-pump.ts'
import { envelopeBytes } from './stream-event.ts'
import { SubscribedShard } from './subscribed-shard.ts'

/** What a platform gives the actor of one pump to live on. */
export interface PumpActorHost extends PumpErrandsHost {
  sql: Sql
  alarm: Alarm
  reader: StreamReader
  newId: () => string
  /** As the Function actor has it. */
  runsEndWithActor?: boolean
}

/** A pump that has nothing to do looks after this by itself, in case its ticket was lost. */
const LOST_TICKET_MILLISECONDS = 20_000
const FOREIGN_POLL_MILLISECONDS = 1000

/** One pump on its platform: stores what the state machine has become, and has done what it says. */
export class PumpActor {
  readonly #host: PumpActorHost
  readonly #record: PumpRecordStore
  readonly #alarm: EarliestAlarm
  readonly #errands: PumpErrands
  #working: Working | undefined
  /** That of a pump which was stopped, until the shard knows it. */
  #leaving: SubscribedShard | undefined

  constructor(host: PumpActorHost) {
    this.#host = host
    this.#record = new PumpRecordStore(host.sql)
    this.#alarm = new EarliestAlarm(host.alarm)
    this.#errands = new PumpErrands(host, {
      feed: (working, input) => this.#feed(working, input),
      isAtWork: (working) => working === this.#working,
      stop: () => this.stop(),
    })
    const stored = this.#record.load()
    if (stored === undefined) return
    const { job, state } = stored
    const wasRunning = state.runningUntilMilliseconds !== undefined
    if (wasRunning && host.runsEndWithActor === true) state.runningUntilMilliseconds = host.now()
    const working = this.#work(job, state)
    if (state.isStopped === true) this.#leaving = working.shard
    else this.#working = working
  }

  start(job: PumpJob, position: ShardPosition): void {
    if (this.#leaving !== undefined) throw new Error('The pump is still being stopped')
    if (this.#working === undefined) {
      const state = initialState(position)
      this.#record.create(job, state)
      this.#working = this.#work(job, state)
    } else {
      this.#record.setJob(job)
      this.#working.job = job
      this.#working.pump.limits = limitsOf(job)
    }
    this.notify()
  }

  /** Nothing begins any more, also if this rejects. What is stored goes when the shard knows it. */
  async stop(): Promise<void> {
    if (this.#working !== undefined) {
      const { pump, shard } = this.#working
      this.#working = undefined
      this.#leaving = shard
      this.#record.save({ ...pump.state, isStopped: true })
    }
    this.#alarm.cancel()
    await this.#leaving?.unsubscribe()
    // Another call may have been faster, and the pump have been started anew since.
    if (this.#leaving === undefined) return
    this.#leaving = undefined
    this.#record.delete()
  }

  /** Whether nobody has started it, ever or since it was stopped. */
  isStopped(): boolean {
    return this.#working === undefined
  }

  /** A ticket: the shard has more. */
  notify(): void {
    this.#feed(this.#working, ({ pump }, now) => pump.wake(now))
  }

  /** Something was repaired. */
  hurry(): void {
    this.#feed(this.#working, ({ pump }, now) => pump.hurry(now))
  }

  /** The alarm went off. The next one is set before anything else is done. Cannot reject. */
  wake(): Promise<void> {
    this.#alarm.wentOff()
    this.#feed(this.#working, ({ pump }, now) => pump.tick(now))
    return Promise.resolve()
  }

  #work(job: PumpJob, state: PumpState, shard?: SubscribedShard): Working {
    const { settings, newId, reader } = this.#host
    return {
      job,
      shard: shard ?? new SubscribedShard(reader, job),
      pump: new ShardPump(state, limitsOf(job), {
        // A foreign stream sends no tickets: it has to be asked.
        idlePollMilliseconds:
          settings.kinesis === undefined ? LOST_TICKET_MILLISECONDS : FOREIGN_POLL_MILLISECONDS,
        newId,
      }),
    }
  }

  /** One input. What it changed is stored together with the alarm, and then it takes effect. */
  #feed(working: Working | undefined, input: (working: Working, now: number) => PumpEffect[]) {
    // What comes back after the pump was stopped means nothing any more.
    if (working === undefined || working !== this.#working) return
    try {
      const now = this.#host.now()
      const effects = input(working, now)
      this.#record.save(working.pump.state)
      this.#alarm.arm(working.pump.alarmAt(now))
      for (const effect of effects) void this.#errands.carryOut(working, effect)
    } catch (error) {
      // What is stored is still as it was: start from there.
      logFault('pump', { pump: nameOf(working) }, error)
      const state = this.#record.load()?.state ?? working.pump.state
      this.#working = this.#work(working.job, state, working.shard)
      this.#alarm.arm(this.#host.now() + PATIENCE_MILLISECONDS)
    }
  }
}

function limitsOf(job: PumpJob): BatchLimits {
  return { batchSize: job.mapping.BatchSize, envelopeBytes: envelopeBytes(job) }
}
