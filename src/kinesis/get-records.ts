import type { Ports } from '../ports/ports.ts'
import type { GetRecordsRequest } from './shapes.ts'
import { fromShardIterator, toShardIterator } from './shard-iterator.ts'
import { unpackRecords } from './storage/record-pack.ts'
import { shardNotFound } from './stream-errors.ts'

const MAX_BYTES = 10 * 1024 * 1024

interface GetRecordsResponse {
  MillisBehindLatest: number
  NextShardIterator: string
  Records: {
    ApproximateArrivalTimestamp: number
    Data: string
    PartitionKey: string
    SequenceNumber: string
  }[]
}

export async function getRecords(
  { shards, settings, now }: Pick<Ports, 'shards' | 'settings' | 'now'>,
  { ShardIterator, Limit }: GetRecordsRequest,
): Promise<GetRecordsResponse> {
  const iterator = fromShardIterator(settings, ShardIterator, now())
  const { shard, createdAtMilliseconds, index } = iterator
  const reading = await shards.read(shard, { kind: 'at', index }, Limit, MAX_BYTES)
  if (reading.kind === 'gone') throw shardNotFound(settings, shard.streamName, shard.shardIndex)
  const { packs, fromIndex, nextIndex } = reading
  const numbered = { shardIndex: shard.shardIndex, createdAtMilliseconds }
  const records = unpackRecords(numbered, packs, fromIndex, Limit)
  const end = fromIndex + records.length
  const newest = records.at(-1)?.arrivedAtMilliseconds ?? 0
  return {
    MillisBehindLatest: end < nextIndex ? Math.max(now() - newest, 0) : 0,
    NextShardIterator: toShardIterator(settings, { ...iterator, index: end }, now()),
    Records: records.map((record) => ({
      ApproximateArrivalTimestamp: record.arrivedAtMilliseconds / 1000,
      Data: record.data,
      PartitionKey: record.partitionKey,
      SequenceNumber: record.sequenceNumber,
    })),
  }
}
