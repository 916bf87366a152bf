import { functionArn } from '../aws/arn.ts'
import { logFault } from '../aws/log-fault.ts'
import type { Settings } from '../aws/settings.ts'
import type { Alarm } from '../ports/alarm.ts'
import type { ExpiredRecords } from '../ports/event-records.ts'
import type { ShardReports } from '../ports/event-sources.ts'
import type { FunctionCapacity, Place } from '../ports/function-capacity.ts'
import type { FunctionRunner, RunResult } from '../ports/function-runner.ts'
import { pumpName, type PumpJob } from '../ports/pumps.ts'
import type { Sql } from '../ports/sql.ts'
import type { ShardPosition, StreamReader } from '../ports/stream-reader.ts'
import type { BatchLimits } from './batch.ts'
import { EarliestAlarm } from './earliest-alarm.ts'
import { eventOfExpired } from './expired-batch.ts'
import type { PumpEffect } from './pump-effect.ts'
import { PumpRecordStore } from './pump-record.ts'
import { initialState, type PumpState } from './pump-state.ts'
import { PATIENCE_MILLISECONDS } from './question.ts'
import { ShardPump } from './shard-pump.ts'
import { envelopeBytes, streamEvent } from './stream-event.ts'
import { SubscribedShard } from './subscribed-shard.ts'

/** What a platform gives the actor of one pump to live on. */
export interface PumpActorHost {
  sql: Sql
  alarm: Alarm
  reader: StreamReader
  capacity: FunctionCapacity
  runner: FunctionRunner
  reports: ShardReports
  expired: ExpiredRecords
  settings: Settings
  now: () => number
  newId: () => string
  /** As the Function actor has it. */
  runsEndWithActor?: boolean
}

/** A pump that has nothing to do looks after this by itself, in case its ticket was lost. */
const LOST_TICKET_MILLISECONDS = 20_000
const FOREIGN_POLL_MILLISECONDS = 1000

interface Working {
  job: PumpJob
  shard: SubscribedShard
  pump: ShardPump
}

type Effect<Kind extends PumpEffect['kind']> = Extract<PumpEffect, { kind: Kind }>

/** One pump on its platform: carries out what the state machine says, and tells it what came of it. */
export class PumpActor {
  readonly #host: PumpActorHost
  readonly #record: PumpRecordStore
  readonly #alarm: EarliestAlarm
  #working: Working | undefined
  /** That of a pump which was stopped, until the shard knows it. */
  #leaving: SubscribedShard | undefined

  constructor(host: PumpActorHost) {
    this.#host = host
    this.#record = new PumpRecordStore(host.sql)
    this.#alarm = new EarliestAlarm(host.alarm)
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
      for (const effect of effects) void this.#carryOut(working, effect)
    } catch (error) {
      // What is stored is still as it was: start from there.
      logFault('pump', { pump: nameOf(working) }, error)
      const state = this.#record.load()?.state ?? working.pump.state
      this.#working = this.#work(working.job, state, working.shard)
      this.#alarm.arm(this.#host.now() + PATIENCE_MILLISECONDS)
    }
  }

  /** Cannot reject. */
  #carryOut(working: Working, effect: PumpEffect): Promise<void> {
    switch (effect.kind) {
      case 'read':
        return this.#read(working, effect)
      case 'acquire':
        return this.#acquire(working, effect)
      case 'run':
        return this.#run(working, effect)
      case 'giveBack':
        return this.#giveBack(working, effect.place, false)
      case 'report':
        return this.#report(working, effect)
      case 'expired':
        return this.#bury(working, effect)
    }
  }

  async #read(working: Working, { readNumber, position, limit }: Effect<'read'>): Promise<void> {
    try {
      const read = await working.shard.read(position, limit)
      this.#feed(working, ({ pump }, now) => pump.wasRead(readNumber, read, now))
    } catch (error) {
      this.#feed(working, ({ pump }, now) => pump.readFailed(readNumber, String(error), now))
    }
  }

  async #acquire(working: Working, { acquireNumber }: Effect<'acquire'>): Promise<void> {
    const { FunctionName } = working.job.mapping
    const refuse = (reason: string) => {
      this.#feed(working, ({ pump }, now) => pump.refused(acquireNumber, reason, now))
    }
    try {
      const grant = await this.#host.capacity.acquire(FunctionName, nameOf(working))
      if (grant.kind === 'noSuchFunction') {
        refuse(`Function not found: ${functionArn(this.#host.settings, FunctionName)}`)
      } else if (grant.kind === 'granted') {
        if (working !== this.#working) await this.#giveBack(working, grant.place, false)
        this.#feed(working, ({ pump }, now) => pump.granted(acquireNumber, grant, now))
      }
    } catch (error) {
      refuse(`The function could not be reached: ${String(error)}`)
    }
  }

  async #run(working: Working, effect: Effect<'run'>): Promise<void> {
    const { tryNumber, batch, records, record, place } = effect
    const result = await this.#host.runner
      .run({
        record,
        requestId: batch.requestId,
        attempt: batch.failures + batch.faults + 1,
        slot: place.slot,
        payload: streamEvent(working.job, records),
      })
      .catch((error: unknown): RunResult => ({ ran: false, reason: String(error) }))
    void this.#giveBack(working, place, !result.ran && result.isBusy === true)
    this.#feed(working, ({ pump }, now) => pump.ran(tryNumber, result, now))
  }

  async #giveBack({ job }: Working, place: Place, isBusy: boolean): Promise<void> {
    const { FunctionName } = job.mapping
    try {
      await this.#host.capacity.release(FunctionName, place, isBusy)
    } catch (error) {
      // It is free again when its time is over.
      logFault('place not given back', { functionName: FunctionName }, error)
    }
  }

  async #report(working: Working, { status }: Effect<'report'>): Promise<void> {
    const { shardId, mapping } = working.job
    try {
      const isMapped = await this.#host.reports.report(mapping, mapping.UUID, shardId, status)
      if (!isMapped && working === this.#working) await this.stop()
      this.#feed(working, ({ pump }, now) => pump.reported(status, now))
    } catch (error) {
      logFault('status not reported', { pump: nameOf(working) }, error)
    }
  }

  async #bury(working: Working, part: Effect<'expired'>): Promise<void> {
    const { requestId, batch, count } = part
    const reason = `${count} of ${batch.count} records from ${batch.firstSequenceNumber} on expired`
    try {
      await this.#host.expired.bury(eventOfExpired(working.job, part, this.#host.now()), reason)
      this.#feed(working, ({ pump }, now) => pump.buried(requestId, now))
    } catch (error) {
      logFault(reason, { pump: nameOf(working), requestId }, error)
    }
  }
}

function nameOf({ job }: Working): string {
  return pumpName(job.mapping.UUID, job.shardId)
}

function limitsOf(job: PumpJob): BatchLimits {
  return { batchSize: job.mapping.BatchSize, envelopeBytes: envelopeBytes(job) }
}
