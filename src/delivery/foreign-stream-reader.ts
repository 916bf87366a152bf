import { z } from 'zod'
import { logFault } from '../aws/log-fault.ts'
import type {
  ShardPosition,
  ShardRead,
  StreamReader,
  StreamRecord,
  StreamShard,
} from '../ports/stream-reader.ts'
import { ForeignRefusal, type KinesisCall } from './foreign-kinesis.ts'

/** Kinesis's iterators are good for five minutes; one that is nearly that old is made anew. */
const ITERATOR_MILLISECONDS = 4.5 * 60_000
const MAX_LIMIT = 10_000
/** What Kinesis says of a sequence number that an earlier stream of the name gave out. */
const OF_ANOTHER_STREAM = 'it did not come from this stream'

const Shards = z.object({
  StreamDescription: z.object({
    Shards: z.array(
      z.object({
        ShardId: z.string(),
        ParentShardId: z.string().nullish(),
        AdjacentParentShardId: z.string().nullish(),
      }),
    ),
    HasMoreShards: z.boolean(),
  }),
})

const Iterator = z.object({ ShardIterator: z.string() })

const Records = z.object({
  Records: z.array(
    z.object({
      SequenceNumber: z.string(),
      PartitionKey: z.string(),
      Data: z.string(),
      ApproximateArrivalTimestamp: z.number().nullish(),
    }),
  ),
  NextShardIterator: z.string().nullish(),
  MillisBehindLatest: z.number().nullish(),
})

/** The place behind what was read last, so that the next read needs no new iterator. */
interface KeptIterator {
  place: string
  iterator: string
  atMilliseconds: number
}

/** Streams of another Kinesis: Amazon's, or a server that speaks as it does. */
export function foreignStreamReader(call: KinesisCall, now: () => number): StreamReader {
  const kept = new Map<string, KeptIterator>()

  async function iteratorAt(
    StreamName: string,
    ShardId: string,
    position: ShardPosition,
  ): Promise<string> {
    const known = kept.get(`${StreamName}/${ShardId}`)
    const isFresh = known !== undefined && now() - known.atMilliseconds < ITERATOR_MILLISECONDS
    if (isFresh && known.place === JSON.stringify(position)) return known.iterator
    const isExact =
      position.kind === 'since' && now() - position.atMilliseconds < ITERATOR_MILLISECONDS
    if (isExact && position.iterator !== undefined) return position.iterator
    try {
      return await iteratorOf(StreamName, ShardId, typeOf(position))
    } catch (error) {
      // Any other argument that is refused must not begin the shard anew.
      const isInvalid = isRefusal(error, 'InvalidArgumentException')
      if (!isInvalid || !String(error).includes(OF_ANOTHER_STREAM)) throw error
      logFault('stream made anew', { streamName: StreamName, shardId: ShardId }, error)
      return iteratorOf(StreamName, ShardId, typeOf({ kind: 'trimHorizon' }))
    }
  }

  async function iteratorOf(StreamName: string, ShardId: string, type: object): Promise<string> {
    const input = { StreamName, ShardId, ...type }
    return (await call('GetShardIterator', input, Iterator)).ShardIterator
  }

  async function readOnce(
    StreamName: string,
    ShardId: string,
    position: ShardPosition,
    limit: number,
  ): Promise<ShardRead> {
    const ShardIterator = await iteratorAt(StreamName, ShardId, position)
    const Limit = Math.min(limit, MAX_LIMIT)
    const page = await call('GetRecords', { ShardIterator, Limit }, Records)
    const records = page.Records.map(toRecord)
    const last = records.at(-1)
    const next = page.NextShardIterator ?? undefined
    const place: ShardPosition =
      last === undefined ? position : { kind: 'after', sequenceNumber: last.sequenceNumber }
    if (next === undefined) kept.delete(`${StreamName}/${ShardId}`)
    else {
      kept.set(`${StreamName}/${ShardId}`, {
        place: JSON.stringify(place),
        iterator: next,
        atMilliseconds: now(),
      })
    }
    const isBehind = (page.MillisBehindLatest ?? 0) > 0
    const hasMore = next !== undefined && (isBehind || records.length >= Limit)
    return { kind: 'records', records, hasMore, isEnd: next === undefined }
  }

  return {
    async shards(StreamName) {
      const shards: StreamShard[] = []
      let ExclusiveStartShardId: string | undefined
      try {
        for (let hasMore = true; hasMore;) {
          const input = { StreamName, ...(ExclusiveStartShardId && { ExclusiveStartShardId }) }
          const { StreamDescription: page } = await call('DescribeStream', input, Shards)
          for (const { ShardId, ParentShardId, AdjacentParentShardId } of page.Shards) {
            const parents = [ParentShardId, AdjacentParentShardId]
            const parentShardIds = parents.filter((id) => typeof id === 'string')
            shards.push({ shardId: ShardId, parentShardIds })
          }
          ExclusiveStartShardId = page.Shards.at(-1)?.ShardId
          hasMore = page.HasMoreShards
        }
        return shards
      } catch (error) {
        if (isRefusal(error, 'ResourceNotFoundException')) return undefined
        throw error
      }
    },

    async latest(StreamName, ShardId) {
      try {
        const atMilliseconds = now()
        const iterator = await iteratorOf(StreamName, ShardId, { ShardIteratorType: 'LATEST' })
        return { kind: 'since', atMilliseconds, iterator }
      } catch (error) {
        if (isRefusal(error, 'ResourceNotFoundException')) return undefined
        throw error
      }
    },

    async read(streamName, shardId, position, limit) {
      try {
        return await readOnce(streamName, shardId, position, limit)
      } catch (error) {
        kept.delete(`${streamName}/${shardId}`)
        if (isRefusal(error, 'ResourceNotFoundException')) return { kind: 'gone' }
        if (isRefusal(error, 'ProvisionedThroughputExceededException', 'LimitExceededException')) {
          return { kind: 'throttled' }
        }
        // Thrown away above: the next read makes another.
        if (isRefusal(error, 'ExpiredIteratorException')) return { kind: 'throttled' }
        throw error
      }
    },

    subscribe: () => Promise.resolve(undefined),
  }
}

function typeOf(position: ShardPosition): object {
  switch (position.kind) {
    case 'trimHorizon':
      return { ShardIteratorType: 'TRIM_HORIZON' }
    case 'after':
      return {
        ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
        StartingSequenceNumber: position.sequenceNumber,
      }
    case 'since':
      return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: position.atMilliseconds / 1000 }
  }
}

function toRecord(record: z.infer<typeof Records>['Records'][number]): StreamRecord {
  return {
    sequenceNumber: record.SequenceNumber,
    partitionKey: record.PartitionKey,
    data: record.Data,
    arrivedAtMilliseconds: (record.ApproximateArrivalTimestamp ?? 0) * 1000,
  }
}

function isRefusal(error: unknown, ...codes: string[]): boolean {
  return error instanceof ForeignRefusal && codes.includes(error.code)
}
