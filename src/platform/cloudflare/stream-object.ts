import { DurableObject } from 'cloudflare:workers'
import { StreamActor } from '../../kinesis/storage/stream-actor.ts'
import type { Bindings } from './bindings.ts'
import { durableAlarm, durableSql } from './durable-sql.ts'
import { durableShardLives } from './durable-shards.ts'
import { kvStreamIndex } from './kv-stream-index.ts'

/** The Stream actor of one stream's name, which is the object's. */
export class StreamObject extends DurableObject<Bindings> {
  readonly #actor: StreamActor

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env)
    this.#actor = new StreamActor({
      streamName: ctx.id.name ?? '',
      sql: durableSql(ctx.storage),
      alarm: durableAlarm(ctx.storage),
      shards: durableShardLives(env.SHARDS),
      index: kvStreamIndex(env.FUNCTIONS),
      now: () => Date.now(),
      newId: () => crypto.randomUUID(),
    })
  }

  find() {
    return this.#actor.find()
  }

  create(shardCount: number) {
    return this.#actor.create(shardCount)
  }

  delete() {
    return this.#actor.delete()
  }

  override alarm() {
    return this.#actor.wake()
  }
}
