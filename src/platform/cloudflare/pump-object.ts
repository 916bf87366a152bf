import { DurableObject } from 'cloudflare:workers'
import { PumpActor } from '../../delivery/pump-actor.ts'
import type { PumpJob } from '../../ports/pumps.ts'
import type { ShardPosition } from '../../ports/stream-reader.ts'
import type { Bindings } from './bindings.ts'
import { cloudflarePorts } from './cloudflare-ports.ts'
import { durableCapacity } from './durable-capacity.ts'
import { durableShardReports } from './durable-event-sources.ts'
import { durableAlarm, durableSql } from './durable-sql.ts'
import { objectRunner } from './object-runner.ts'

/** The actor of one pump, which is the object's name. */
export class PumpObject extends DurableObject<Bindings> {
  readonly #actor: PumpActor

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env)
    const { streamReader, settings, now, newId } = cloudflarePorts(env)
    this.#actor = new PumpActor({
      sql: durableSql(ctx.storage),
      alarm: durableAlarm(ctx.storage),
      reader: streamReader,
      capacity: durableCapacity(env.FUNCTION_ACTORS),
      runner: objectRunner(env, ctx),
      expired: {
        bury: (event, reason) =>
          env.FUNCTION_ACTORS.getByName(event.functionName).bury(event, reason),
      },
      reports: durableShardReports(env.MAPPINGS),
      settings,
      now,
      newId,
    })
  }

  start(job: PumpJob, position: ShardPosition) {
    this.#actor.start(job, position)
  }

  /** Leaves nothing behind: an object without storage costs nothing. */
  async stop() {
    await this.#actor.stop()
    // What was started anew meanwhile stays.
    if (this.#actor.isStopped()) await this.ctx.storage.deleteAll()
  }

  hurry() {
    this.#actor.hurry()
  }

  notify() {
    this.#actor.notify()
  }

  override alarm() {
    return this.#actor.wake()
  }
}
