import type { ShardKey } from '../../ports/shards.ts'
import type { Stream } from '../../ports/streams.ts'

/** Hash keys are unsigned numbers of 128 bits. */
export const HASH_KEYS = 2n ** 128n

const MAX_SHARD_INDEX = 2 ** 31 - 1

/** `shardId-000000000000` */
export function shardIdOf(shardIndex: number): string {
  return `shardId-${String(shardIndex).padStart(12, '0')}`
}

/**
 * The shard that an id means, as loosely as Kinesis reads it: `shardId-000000000001`, `x-1` and `1`
 * are the same. `undefined` for what can be no shard's.
 */
export function shardIndexOf(shardId: string): number | undefined {
  const digits = shardId.split('-')[1] ?? shardId
  const index = /^\d+$/.test(digits) ? Number(digits) : NaN
  return index <= MAX_SHARD_INDEX ? index : undefined
}

export function shardKeyOf({ streamName, incarnation }: Stream, shardIndex: number): ShardKey {
  return { streamName, incarnation, shardIndex }
}

/** Even parts, of which the last one is longer when they do not come out even. */
export function hashKeyRange(shardCount: number, shardIndex: number) {
  const width = HASH_KEYS / BigInt(shardCount)
  const isLast = shardIndex === shardCount - 1
  return {
    first: width * BigInt(shardIndex),
    last: (isLast ? HASH_KEYS : width * BigInt(shardIndex + 1)) - 1n,
  }
}

/** Says for hash keys whose shard they belong to. */
export function shardRouter(shardCount: number): (hashKey: bigint) => number {
  const width = HASH_KEYS / BigInt(shardCount)
  return (hashKey) => Math.min(Number(hashKey / width), shardCount - 1)
}
