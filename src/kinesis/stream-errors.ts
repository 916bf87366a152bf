import type { Partition } from '../aws/arn.ts'
import { ServiceError } from '../aws/service-error.ts'
import { shardIdOf } from './storage/shard-map.ts'

export function streamNotFound({ accountId }: Partition, streamName: string): ServiceError {
  return new ServiceError(
    'ResourceNotFoundException',
    `Stream ${streamName} under account ${accountId} not found.`,
  )
}

export function shardNotFound(
  { accountId }: Partition,
  streamName: string,
  shardIndex: number,
): ServiceError {
  return new ServiceError(
    'ResourceNotFoundException',
    `Shard ${shardIdOf(shardIndex)} in stream ${streamName} under account ${accountId} does not exist`,
  )
}

export function invalidArgument(message: string): ServiceError {
  return new ServiceError('InvalidArgumentException', message)
}

export function recordsTooLarge(): ServiceError {
  return invalidArgument('Records size exceeds 5 MB limit')
}

/** What Kinesis says of a shard that takes no more. */
export function rateExceeded(
  { accountId }: Partition,
  streamName: string,
  shardIndex: number,
): string {
  return `Rate exceeded for shard ${shardIdOf(shardIndex)} in stream ${streamName} under account ${accountId}.`
}
