import { DurableObject } from 'cloudflare:workers'
import type { EventSourceDraft } from '../../aws/event-source-configuration.ts'
import { MappingActor } from '../../delivery/mapping-actor.ts'
import type { ShardStatus } from '../../ports/event-sources.ts'
import type { Bindings } from './bindings.ts'
import { cloudflarePorts } from './cloudflare-ports.ts'
import { durablePumps } from './durable-event-sources.ts'
import { durableAlarm, durableSql } from './durable-sql.ts'
import { kvEventSourceIndex } from './kv-event-source-index.ts'

/** The actor of one stream's mapping to one function. */
export class MappingObject extends DurableObject<Bindings> {
  readonly #actor: MappingActor

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env)
    const { registry, settings, streamReader, now, newId } = cloudflarePorts(env)
    this.#actor = new MappingActor({
      sql: durableSql(ctx.storage),
      alarm: durableAlarm(ctx.storage),
      index: kvEventSourceIndex(env.FUNCTIONS),
      functions: registry,
      settings,
      reader: streamReader,
      pumps: durablePumps(env.PUMPS),
      now,
      newId,
    })
  }

  add(draft: EventSourceDraft) {
    return this.#actor.add(draft)
  }

  get() {
    return this.#actor.get()
  }

  remove(UUID: string) {
    return this.#actor.remove(UUID)
  }

  noticeFunction() {
    return this.#actor.noticeFunction()
  }

  report(UUID: string, shardId: string, status: ShardStatus) {
    return this.#actor.report(UUID, shardId, status)
  }

  override alarm() {
    return this.#actor.wake()
  }
}
