import type { Stream } from '../ports/streams.ts'
import { startingSequenceNumber } from './storage/sequence-number.ts'
import { hashKeyRange, shardIdOf } from './storage/shard-map.ts'

export interface Shard {
  ShardId: string
  HashKeyRange: { StartingHashKey: string; EndingHashKey: string }
  SequenceNumberRange: { StartingSequenceNumber: string }
}

/** A page of a stream's shards: those whose ids come after one. A stream in creation has none. */
export function shardsAfter(stream: Stream, shardId: string | undefined, limit: number) {
  const { shardCount, createdAtMilliseconds } = stream
  const shards: Shard[] = []
  const end = stream.status === 'CREATING' ? 0 : shardCount
  let hasMore = false
  for (let shardIndex = 0; shardIndex < end && !hasMore; shardIndex++) {
    const ShardId = shardIdOf(shardIndex)
    if (shardId !== undefined && ShardId <= shardId) continue
    if (shards.length === limit) {
      hasMore = true
      continue
    }
    const { first, last } = hashKeyRange(shardCount, shardIndex)
    shards.push({
      ShardId,
      HashKeyRange: { StartingHashKey: String(first), EndingHashKey: String(last) },
      SequenceNumberRange: {
        StartingSequenceNumber: startingSequenceNumber({ shardIndex, createdAtMilliseconds }),
      },
    })
  }
  return { shards, hasMore }
}
