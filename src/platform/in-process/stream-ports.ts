import { ShardActor } from '../../kinesis/storage/shard-actor.ts'
import { StreamActor } from '../../kinesis/storage/stream-actor.ts'
import type { ShardKey, ShardLives, Shards } from '../../ports/shards.ts'
import type { StreamIndex } from '../../ports/stream-index.ts'
import type { Streams } from '../../ports/streams.ts'
import type { HostActors, Interpose } from './hosted-actors.ts'

interface Options {
  hostActors: HostActors
  interpose: Interpose
  streamIndex: StreamIndex
  now: () => number
  newId: () => string
  maxShardBytes: number | undefined
}

/** What is asked of the actors of streams and of their shards. */
export function streamPorts(options: Options): { streams: Streams; shards: Shards } {
  const { hostActors, interpose, streamIndex, now, newId, maxShardBytes } = options
  const nameOf = ({ streamName, incarnation, shardIndex }: ShardKey) =>
    `${streamName}/${incarnation}/${shardIndex}`
  const bound = maxShardBytes === undefined ? {} : { maxStoredBytes: maxShardBytes }
  const shardActors = hostActors('shard', (_, host) => new ShardActor({ ...host, now, ...bound }))
  const shardOf = (shard: ShardKey) => shardActors.get(nameOf(shard))
  // An async function rejects where its actor throws.
  /* eslint-disable @typescript-eslint/require-await */
  const lives: ShardLives = interpose('shardLives', {
    open: async (shard, createdAtMilliseconds) => shardOf(shard).open(createdAtMilliseconds),
    remove: (shard) => shardActors.remove(nameOf(shard), (actor) => actor.remove()),
  })
  const streamActors = hostActors('stream', (streamName, host) => {
    return new StreamActor({ ...host, streamName, shards: lives, index: streamIndex, now, newId })
  })
  return {
    streams: {
      create: (streamName, shardCount) => streamActors.get(streamName).create(shardCount),
      find: async (streamName) => streamActors.get(streamName).find(),
      delete: (streamName) => streamActors.get(streamName).delete(),
    },
    shards: interpose('shards', {
      put: async (shard, packs) => shardOf(shard).put(packs),
      read: async (shard, place, limit, maxBytes) => shardOf(shard).read(place, limit, maxBytes),
      find: async (shard, place) => shardOf(shard).find(place),
      subscribe: async (shard, pump, isWanted) => shardOf(shard).subscribe(pump, isWanted),
    }),
  }
}
