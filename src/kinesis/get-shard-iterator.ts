import type { Settings } from '../aws/settings.ts'
import { ServiceError } from '../aws/service-error.ts'
import type { Ports } from '../ports/ports.ts'
import type { ShardPlace } from '../ports/shards.ts'
import type { Stream } from '../ports/streams.ts'
import type { GetShardIteratorRequest } from './shapes.ts'
import { toShardIterator } from './shard-iterator.ts'
import { parseSequenceNumber } from './storage/sequence-number.ts'
import { shardIdOf, shardIndexOf, shardKeyOf } from './storage/shard-map.ts'
import { invalidArgument, shardNotFound } from './stream-errors.ts'
import { streamNameOf } from './stream-name.ts'

export async function getShardIterator(
  ports: Pick<Ports, 'streams' | 'shards' | 'settings' | 'now'>,
  input: GetShardIteratorRequest,
): Promise<{ ShardIterator: string }> {
  const { streams, shards, settings, now } = ports
  const streamName = streamNameOf(settings, input)
  const shardIndex = shardIndexOf(input.ShardId)
  if (shardIndex === undefined) {
    throw new ServiceError(
      'ResourceNotFoundException',
      `Could not find shard ${input.ShardId} in stream ${streamName} under account ${settings.accountId}.`,
    )
  }
  const stream = await streams.find(streamName)
  if (stream === undefined || shardIndex >= stream.shardCount) {
    throw shardNotFound(settings, streamName, shardIndex)
  }
  const shard = shardKeyOf(stream, shardIndex)
  const place = placeOf(settings, stream, shardIndex, input, now())
  const found = await shards.find(shard, place)
  if (found.kind === 'gone') throw shardNotFound(settings, streamName, shardIndex)
  const { createdAtMilliseconds } = stream
  const iterator = { shard, createdAtMilliseconds, index: found.index }
  return { ShardIterator: toShardIterator(settings, iterator, now()) }
}

function placeOf(
  settings: Settings,
  stream: Stream,
  shardIndex: number,
  input: GetShardIteratorRequest,
  now: number,
): ShardPlace {
  const { ShardIteratorType: type, StartingSequenceNumber: number } = input
  switch (type) {
    case 'TRIM_HORIZON':
    case 'LATEST':
      if (number !== undefined) throw mustEither(type, 'also a')
      return { kind: type === 'LATEST' ? 'latest' : 'trimHorizon' }
    case 'AT_TIMESTAMP':
      return { kind: 'since', atMilliseconds: timeOf(input.Timestamp, now) }
    case 'AT_SEQUENCE_NUMBER':
    case 'AFTER_SEQUENCE_NUMBER': {
      if (number === undefined) throw mustEither(type, 'no')
      const index = indexOf(settings, stream, shardIndex, number)
      return { kind: 'at', index: type === 'AT_SEQUENCE_NUMBER' ? index : index + 1 }
    }
  }
}

function timeOf(timestamp: number | undefined, now: number): number {
  if (timestamp === undefined) {
    throw invalidArgument(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    )
  }
  const milliseconds = Math.round(timestamp * 1000)
  if (milliseconds > now) {
    throw invalidArgument(
      `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${milliseconds}, currentTimestampInMillis: ${now}`,
    )
  }
  return milliseconds
}

/** The index of the record whose sequence number it is. */
function indexOf(
  { accountId }: Settings,
  { streamName, createdAtMilliseconds }: Stream,
  shardIndex: number,
  number: string,
): number {
  const subject = `StartingSequenceNumber ${number} used in GetShardIterator on shard ${shardIdOf(shardIndex)} in stream ${streamName} under account ${accountId} is invalid`
  const parsed = parseSequenceNumber(number)
  if (parsed === undefined) throw invalidArgument(`${subject}.`)
  if (parsed.shardIndex !== shardIndex) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${shardIdOf(parsed.shardIndex)}, while it was used in a call to a shard with ${shardIdOf(shardIndex)}`,
    )
  }
  if (parsed.createdSeconds !== Math.floor(createdAtMilliseconds / 1000)) {
    throw invalidArgument(`${subject} because it did not come from this stream.`)
  }
  return parsed.index
}

function mustEither(type: string, which: string): ServiceError {
  return invalidArgument(
    `Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${type} and ${which} StartingSequenceNumber.`,
  )
}
