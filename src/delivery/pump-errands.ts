import { functionArn } from '../aws/arn.ts'
import { logFault } from '../aws/log-fault.ts'
import type { Settings } from '../aws/settings.ts'
import type { ExpiredRecords } from '../ports/event-records.ts'
import type { ShardReports } from '../ports/event-sources.ts'
import type { FunctionCapacity, Place } from '../ports/function-capacity.ts'
import type { FunctionRunner, RunResult } from '../ports/function-runner.ts'
import { pumpName, type PumpJob } from '../ports/pumps.ts'
import { eventOfExpired } from './expired-batch.ts'
import type { PumpEffect } from './pump-effect.ts'
import type { ShardPump } from './shard-pump.ts'
import { streamEvent } from './stream-event.ts'
import type { SubscribedShard } from './subscribed-shard.ts'

export interface PumpErrandsHost {
  capacity: FunctionCapacity
  runner: FunctionRunner
  reports: ShardReports
  expired: ExpiredRecords
  settings: Settings
  now: () => number
}

/** A pump that was started and not stopped since. */
export interface Working {
  job: PumpJob
  shard: SubscribedShard
  pump: ShardPump
}

interface Actor {
  /** Tells the state machine what came of it, unless the pump was stopped meanwhile. */
  feed(working: Working, input: (working: Working, now: number) => PumpEffect[]): void
  isAtWork(working: Working): boolean
  stop(): Promise<void>
}

type Effect<Kind extends PumpEffect['kind']> = Extract<PumpEffect, { kind: Kind }>

/** What a pump's state machine says, done: each effect ends with telling it what came of it. */
export class PumpErrands {
  readonly #host: PumpErrandsHost
  readonly #actor: Actor

  constructor(host: PumpErrandsHost, actor: Actor) {
    this.#host = host
    this.#actor = actor
  }

  /** Cannot reject. */
  carryOut(working: Working, effect: PumpEffect): Promise<void> {
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
      this.#actor.feed(working, ({ pump }, now) => pump.wasRead(readNumber, read, now))
    } catch (error) {
      this.#actor.feed(working, ({ pump }, now) => pump.readFailed(readNumber, String(error), now))
    }
  }

  async #acquire(working: Working, { acquireNumber }: Effect<'acquire'>): Promise<void> {
    const { FunctionName } = working.job.mapping
    const refuse = (reason: string) => {
      this.#actor.feed(working, ({ pump }, now) => pump.refused(acquireNumber, reason, now))
    }
    try {
      const grant = await this.#host.capacity.acquire(FunctionName, nameOf(working))
      if (grant.kind === 'noSuchFunction') {
        refuse(`Function not found: ${functionArn(this.#host.settings, FunctionName)}`)
      } else if (grant.kind === 'granted') {
        if (!this.#actor.isAtWork(working)) await this.#giveBack(working, grant.place, false)
        this.#actor.feed(working, ({ pump }, now) => pump.granted(acquireNumber, grant, now))
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
    this.#actor.feed(working, ({ pump }, now) => pump.ran(tryNumber, result, now))
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
      if (!isMapped && this.#actor.isAtWork(working)) await this.#actor.stop()
      this.#actor.feed(working, ({ pump }, now) => pump.reported(status, now))
    } catch (error) {
      logFault('status not reported', { pump: nameOf(working) }, error)
    }
  }

  async #bury(working: Working, part: Effect<'expired'>): Promise<void> {
    const { requestId, batch, count } = part
    const reason = `${count} of ${batch.count} records from ${batch.firstSequenceNumber} on expired`
    try {
      await this.#host.expired.bury(eventOfExpired(working.job, part, this.#host.now()), reason)
      this.#actor.feed(working, ({ pump }, now) => pump.buried(requestId, now))
    } catch (error) {
      logFault(reason, { pump: nameOf(working), requestId }, error)
    }
  }
}

export function nameOf({ job }: Working): string {
  return pumpName(job.mapping.UUID, job.shardId)
}
