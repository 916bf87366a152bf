import { DurableObject } from 'cloudflare:workers'
import { ShardActor } from '../../kinesis/storage/shard-actor.ts'
import type { RecordPack, ShardPlace } from '../../ports/shards.ts'
import type { Bindings } from './bindings.ts'
import { durableAlarm, durableSql } from './durable-sql.ts'

/** The Shard actor: the one writer of a shard of one incarnation of a stream. */
export class ShardObject extends DurableObject<Bindings> {
  readonly #actor: ShardActor

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env)
    this.#actor = new ShardActor({
      sql: durableSql(ctx.storage),
      alarm: durableAlarm(ctx.storage),
      now: () => Date.now(),
    })
  }

  open(createdAtMilliseconds: number) {
    this.#actor.open(createdAtMilliseconds)
  }

  /** Leaves nothing behind: an object without storage costs nothing. */
  async remove() {
    this.#actor.remove()
    await this.ctx.storage.deleteAll()
  }

  put(packs: RecordPack[]) {
    return this.#actor.put(packs)
  }

  read(place: ShardPlace, limit: number, maxBytes: number) {
    return this.#actor.read(place, limit, maxBytes)
  }

  find(place: ShardPlace) {
    return this.#actor.find(place)
  }

  subscribe(pump: string, isWanted: boolean) {
    return this.#actor.subscribe(pump, isWanted)
  }

  override alarm() {
    return this.#actor.wake()
  }
}
