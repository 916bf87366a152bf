import { openMarker, toMarker } from '../aws/marker.ts'
import type { Ports } from '../ports/ports.ts'
import { findStream } from './find-stream.ts'
import type { ListShardsRequest } from './shapes.ts'
import { shardsAfter, type Shard } from './shard-list.ts'
import { invalidArgument } from './stream-errors.ts'
import { streamNameOf } from './stream-name.ts'

interface ListShardsResponse {
  Shards: Shard[]
  NextToken?: string
}

/** Every shard is open from the first record on, so a filter by time or state excludes none. */
export async function listShards(
  ports: Pick<Ports, 'streams' | 'settings'>,
  input: ListShardsRequest,
): Promise<ListShardsResponse> {
  const { NextToken, ShardFilter } = input
  const namesStream = input.StreamName !== undefined || input.StreamARN !== undefined
  if (!namesStream && NextToken === undefined) {
    throw invalidArgument('Either NextToken or StreamName should be provided.')
  }
  if (namesStream && NextToken !== undefined) {
    throw invalidArgument('NextToken and StreamName cannot be provided together.')
  }
  const seal = { secret: ports.settings.rootSecretAccessKey, operation: 'ListShards' }
  const filtered = ShardFilter?.Type === 'AFTER_SHARD_ID' ? ShardFilter.ShardId : undefined
  let StreamName = ''
  let after = input.ExclusiveStartShardId ?? filtered
  if (NextToken === undefined) StreamName = streamNameOf(ports.settings, input)
  else {
    const opened = await openMarker(seal, NextToken)
    if (opened === undefined) throw invalidArgument('Invalid NextToken.')
    ;[StreamName = '', after] = opened.split('/')
  }
  const stream = await findStream(ports, { StreamName })
  const { shards, hasMore } = shardsAfter(stream, after, input.MaxResults)
  const last = shards.at(-1)?.ShardId
  if (!hasMore || last === undefined) return { Shards: shards }
  return { Shards: shards, NextToken: await toMarker(seal, `${StreamName}/${last}`) }
}
