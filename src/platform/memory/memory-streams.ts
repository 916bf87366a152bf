import { ShardActor } from '../../kinesis/storage/shard-actor.ts'
import { StreamActor } from '../../kinesis/storage/stream-actor.ts'
import type { ShardKey, ShardLives, Shards } from '../../ports/shards.ts'
import type { StreamIndex } from '../../ports/stream-index.ts'
import type { Streams } from '../../ports/streams.ts'
import { memoryActors, type MemoryActors } from './memory-actors.ts'
import { memoryStreamIndex } from './memory-stream-index.ts'

interface Options {
  now: () => number
  newId: () => string
  maxShardBytes: number | undefined
}

interface MemoryStreams {
  streams: Streams
  shards: Shards
  streamIndex: StreamIndex
  actors: Pick<MemoryActors<unknown>, 'nextAlarmAtMilliseconds' | 'fireAlarms'>[]
}

/** Streams and their shards, each in a database of its own. */
export function memoryStreams({ now, newId, maxShardBytes }: Options): MemoryStreams {
  const streamIndex = memoryStreamIndex()
  const shardActors = memoryActors(now, (_, host) => {
    const bound = maxShardBytes === undefined ? {} : { maxStoredBytes: maxShardBytes }
    return new ShardActor({ ...host, now, ...bound })
  })
  const shardOf = ({ streamName, incarnation, shardIndex }: ShardKey) =>
    shardActors.get(`${streamName}/${incarnation}/${shardIndex}`)
  // An async function rejects where its actor throws.
  /* eslint-disable @typescript-eslint/require-await */
  const lives: ShardLives = {
    open: async (shard, createdAtMilliseconds) => shardOf(shard).open(createdAtMilliseconds),
    remove: async (shard) => shardOf(shard).remove(),
  }
  const streamActors = memoryActors(now, (streamName, host) => {
    return new StreamActor({ ...host, streamName, shards: lives, index: streamIndex, now, newId })
  })
  return {
    streams: {
      create: (streamName, shardCount) => streamActors.get(streamName).create(shardCount),
      find: async (streamName) => streamActors.get(streamName).find(),
      delete: (streamName) => streamActors.get(streamName).delete(),
    },
    shards: {
      put: async (shard, packs) => shardOf(shard).put(packs),
      read: async (shard, place, limit, maxBytes) => shardOf(shard).read(place, limit, maxBytes),
      find: async (shard, place) => shardOf(shard).find(place),
      subscribe: async (shard, pump, isWanted) => shardOf(shard).subscribe(pump, isWanted),
    },
    streamIndex,
    actors: [streamActors, shardActors],
  }
}
