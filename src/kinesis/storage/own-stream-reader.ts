import type { Shards } from '../../ports/shards.ts'
import type { StreamReader } from '../../ports/stream-reader.ts'
import type { KnownStreams, Stream, Streams } from '../../ports/streams.ts'
import { unpackRecords } from './record-pack.ts'
import { sequenceNumbers } from './sequence-number.ts'
import { shardIdOf, shardIndexOf, shardKeyOf } from './shard-map.ts'

/** As base64 these stay below the 6 MB of an event. */
const MAX_READ_BYTES = 4 * 1024 * 1024

/** Reads the gateway's own streams. */
export function ownStreamReader(
  streams: Pick<Streams, 'find'>,
  known: KnownStreams,
  shards: Shards,
): StreamReader {
  /** Asks a shard; once more, of the stream that has the name now, when the known one is gone. */
  async function ask<Answer extends { kind: string }>(
    streamName: string,
    shardId: string,
    question: (stream: Stream, shardIndex: number) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    for (let round = 0; round < 2; round++) {
      const stream = await known.get(streamName)
      const shardIndex = shardIndexOf(shardId)
      if (stream === undefined || shardIndex === undefined) return undefined
      if (shardIndex >= stream.shardCount) return undefined
      const answer = await question(stream, shardIndex)
      if (answer.kind !== 'gone') return answer
      known.forget(stream)
    }
    return undefined
  }

  return {
    async shards(streamName) {
      const stream = await streams.find(streamName)
      if (stream?.status !== 'ACTIVE') return undefined
      const { shardCount: length } = stream
      return Array.from({ length }, (_, at) => ({ shardId: shardIdOf(at), parentShardIds: [] }))
    },
    async latest(streamName, shardId) {
      const found = await ask(streamName, shardId, async (stream, shardIndex) => {
        const place = await shards.find(shardKeyOf(stream, shardIndex), { kind: 'latest' })
        if (place.kind === 'gone') return place
        const { createdAtMilliseconds } = stream
        const shard = { shardIndex, createdAtMilliseconds }
        const numberOf = sequenceNumbers(shard, place.arrivedAtMilliseconds)
        return { kind: 'after' as const, sequenceNumber: numberOf(place.index - 1) }
      })
      return found?.kind === 'after' ? found : undefined
    },
    async read(streamName, shardId, position, limit) {
      const answer = await ask(streamName, shardId, async (stream, shardIndex) => {
        const key = shardKeyOf(stream, shardIndex)
        const reading = await shards.read(key, position, limit, MAX_READ_BYTES)
        if (reading.kind === 'gone') return reading
        const { packs, fromIndex, nextIndex } = reading
        const { createdAtMilliseconds, incarnation } = stream
        const shard = { shardIndex, createdAtMilliseconds }
        const records = unpackRecords(shard, packs, fromIndex, limit)
        const hasMore = fromIndex + records.length < nextIndex
        return { kind: 'records' as const, records, hasMore, isEnd: false, incarnation }
      })
      return answer ?? { kind: 'gone' }
    },
    async subscribe(streamName, shardId, pump, isWanted) {
      const subscribed = await ask(streamName, shardId, async (stream, shardIndex) => {
        const key = shardKeyOf(stream, shardIndex)
        const { kind } = await shards.subscribe(key, pump, isWanted)
        return { kind, incarnation: stream.incarnation }
      })
      return subscribed?.incarnation
    },
  }
}
