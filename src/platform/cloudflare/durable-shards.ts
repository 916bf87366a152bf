import type { ShardKey, ShardLives, Shards } from '../../ports/shards.ts'
import type { ShardObject } from './shard-object.ts'

type Namespace = DurableObjectNamespace<ShardObject>

/** Shards by the name of their object, `STREAM/INCARNATION/INDEX`. */
function shardOf(namespace: Namespace, { streamName, incarnation, shardIndex }: ShardKey) {
  return namespace.getByName(`${streamName}/${incarnation}/${shardIndex}`)
}

export function durableShards(namespace: Namespace): Shards {
  return {
    put: (shard, packs) => shardOf(namespace, shard).put(packs),
    read: (shard, place, limit, maxBytes) => shardOf(namespace, shard).read(place, limit, maxBytes),
    find: (shard, place) => shardOf(namespace, shard).find(place),
    subscribe: (shard, pump, isWanted) => shardOf(namespace, shard).subscribe(pump, isWanted),
  }
}

/** For the Stream actor alone. */
export function durableShardLives(namespace: Namespace): ShardLives {
  return {
    open: (shard, createdAtMilliseconds) => shardOf(namespace, shard).open(createdAtMilliseconds),
    remove: (shard) => shardOf(namespace, shard).remove(),
  }
}
