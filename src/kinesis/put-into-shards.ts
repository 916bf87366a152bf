import { md5 } from 'js-md5'
import { logFault } from '../aws/log-fault.ts'
import type { Ports } from '../ports/ports.ts'
import type { ShardPut } from '../ports/shards.ts'
import type { Stream } from '../ports/streams.ts'
import { packRecords, type NewRecord } from './storage/record-pack.ts'
import { sequenceNumbers } from './storage/sequence-number.ts'
import { HASH_KEYS, shardKeyOf, shardRouter } from './storage/shard-map.ts'
import { invalidArgument, streamNotFound } from './stream-errors.ts'

export interface RoutedRecord extends NewRecord {
  /** In place of the partition key's hash. */
  explicitHashKey: string | undefined
}

/** What became of one record. */
export type PutOutcome =
  | { kind: 'stored'; shardIndex: number; sequenceNumber: string }
  | { kind: 'full'; shardIndex: number }
  | { kind: 'failed' }

type PutPorts = Pick<Ports, 'knownStreams' | 'shards' | 'streamWakes' | 'settings'>

/**
 * Puts records into their shards, one call for each shard, and wakes whoever waits for them. A
 * stream that was deleted and made again while it was known is asked for anew.
 */
export async function putIntoShards(
  ports: PutPorts,
  streamName: string,
  records: readonly RoutedRecord[],
): Promise<PutOutcome[]> {
  const { knownStreams, settings } = ports
  const outcomes = records.map((): PutOutcome => ({ kind: 'failed' }))
  let pending = Array.from(records.keys())
  for (let round = 0; round < 2 && pending.length > 0; round++) {
    const stream = await knownStreams.get(streamName)
    if (stream === undefined) break
    const groups = groupByShard(stream, records, pending)
    const gone = await Promise.all(
      Array.from(groups, async ([shardIndex, group]) => {
        const own = group.map((at) => records[at]).filter((record) => record !== undefined)
        const put = await putIntoShard(ports, stream, shardIndex, own)
        if (put.kind === 'gone') return group
        group.forEach((at, place) => (outcomes[at] = outcomeOf(stream, shardIndex, put, place)))
        return []
      }),
    )
    pending = gone.flat()
    if (pending.length > 0) knownStreams.forget(stream)
  }
  if (pending.length === records.length) throw streamNotFound(settings, streamName)
  return outcomes
}

function groupByShard(
  { shardCount }: Stream,
  records: readonly RoutedRecord[],
  pending: number[],
): Map<number, number[]> {
  const shardOf = shardRouter(shardCount)
  const groups = new Map<number, number[]>()
  for (const at of pending) {
    const record = records[at]
    if (record === undefined) continue
    const shardIndex = shardOf(hashKeyOf(record, shardCount))
    const group = groups.get(shardIndex)
    if (group === undefined) groups.set(shardIndex, [at])
    else group.push(at)
  }
  return groups
}

function hashKeyOf({ partitionKey, explicitHashKey }: RoutedRecord, shardCount: number): bigint {
  if (explicitHashKey !== undefined) {
    const hashKey = BigInt(explicitHashKey)
    if (hashKey < HASH_KEYS) return hashKey
    throw invalidArgument(
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${explicitHashKey}`,
    )
  }
  // One shard takes all.
  return shardCount === 1 ? 0n : BigInt(`0x${md5(partitionKey)}`)
}

/** Cannot reject: the other shards' records are stored all the same. */
async function putIntoShard(
  { shards, streamWakes }: PutPorts,
  stream: Stream,
  shardIndex: number,
  records: NewRecord[],
): Promise<ShardPut | { kind: 'failed' }> {
  const { streamName } = stream
  try {
    const put = await shards.put(shardKeyOf(stream, shardIndex), packRecords(records))
    if (put.kind === 'stored' && put.pumps.length > 0) {
      // Its pumps find by themselves, later, what nobody tells them of.
      await streamWakes
        .send(put.pumps)
        .catch((error: unknown) => logFault('pumps not woken', { streamName, shardIndex }, error))
    }
    return put
  } catch (error) {
    logFault('records not stored', { streamName, shardIndex }, error)
    return { kind: 'failed' }
  }
}

function outcomeOf(
  { createdAtMilliseconds }: Stream,
  shardIndex: number,
  put: Exclude<ShardPut, { kind: 'gone' }> | { kind: 'failed' },
  place: number,
): PutOutcome {
  if (put.kind === 'failed') return put
  if (put.kind === 'full') return { kind: 'full', shardIndex }
  const numberOf = sequenceNumbers({ shardIndex, createdAtMilliseconds }, put.arrivedAtMilliseconds)
  return { kind: 'stored', shardIndex, sequenceNumber: numberOf(put.firstIndex + place) }
}
