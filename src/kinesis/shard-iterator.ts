import { openMarker, toMarker } from '../aws/marker.ts'
import type { Settings } from '../aws/settings.ts'
import { ServiceError } from '../aws/service-error.ts'
import type { ShardKey } from '../ports/shards.ts'
import { invalidArgument } from './stream-errors.ts'

const LIFE_MILLISECONDS = 300_000

/** What a shard iterator stands for: the next record to read in a shard of one incarnation. */
export interface ShardIterator {
  shard: ShardKey
  createdAtMilliseconds: number
  index: number
}

function sealOf(settings: Settings) {
  return { secret: settings.rootSecretAccessKey, operation: 'GetRecords' }
}

export function toShardIterator(
  settings: Settings,
  { shard, createdAtMilliseconds, index }: ShardIterator,
  now: number,
): string {
  const { streamName, incarnation, shardIndex } = shard
  const parts = [now, streamName, incarnation, shardIndex, createdAtMilliseconds, index]
  return toMarker(sealOf(settings), parts.join('/'))
}

/** Throws Kinesis's InvalidArgumentException or, after five minutes, ExpiredIteratorException. */
export function fromShardIterator(
  settings: Settings,
  iterator: string,
  now: number,
): ShardIterator {
  const opened = openMarker(sealOf(settings), iterator)
  if (opened === undefined) throw invalidArgument('Invalid ShardIterator.')
  const [madeAt, streamName = '', incarnation = '', ...numbers] = opened.split('/')
  const [shardIndex = 0, createdAtMilliseconds = 0, index = 0] = numbers.map(Number)
  const madeAtMilliseconds = Number(madeAt)
  if (now - madeAtMilliseconds > LIFE_MILLISECONDS) {
    throw new ServiceError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${javaDate(madeAtMilliseconds)} while right now it is ${javaDate(now)} which is further in the future than the tolerated delay of ${LIFE_MILLISECONDS} milliseconds.`,
    )
  }
  return { shard: { streamName, incarnation, shardIndex }, createdAtMilliseconds, index }
}

/** `Thu Jan 22 01:22:02 UTC 2015` */
function javaDate(milliseconds: number): string {
  const [weekday, day, month, year, time] = new Date(milliseconds).toUTCString().split(/,? /)
  return `${weekday} ${month} ${day} ${time} UTC ${year}`
}
