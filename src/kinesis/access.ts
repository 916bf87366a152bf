import { streamArn } from '../aws/arn.ts'
import type { Ports } from '../ports/ports.ts'
import { openNextToken } from './list-shards.ts'
import type { GetRecordsRequest, ListShardsRequest } from './shapes.ts'
import { fromShardIterator } from './shard-iterator.ts'
import { streamNameOf } from './stream-name.ts'

// The resources of the operations: the stream that the input names, whichever way.

type AccessPorts = Pick<Ports, 'settings' | 'now'>

export function ofStream(
  { settings }: AccessPorts,
  input: { StreamName?: string | undefined; StreamARN?: string | undefined },
): string {
  return streamArn(settings, streamNameOf(settings, input))
}

export function ofIterator(
  { settings, now }: AccessPorts,
  { ShardIterator }: GetRecordsRequest,
): string {
  const { shard } = fromShardIterator(settings, ShardIterator, now())
  return streamArn(settings, shard.streamName)
}

export function ofToken(ports: AccessPorts, input: ListShardsRequest): string {
  const { settings } = ports
  if (input.NextToken === undefined) return ofStream(ports, input)
  const { StreamName } = openNextToken(settings, input.NextToken)
  return streamArn(settings, StreamName)
}
