import { openMarker, toMarker, type MarkerSeal } from '../aws/marker.ts'
import type { Settings } from '../aws/settings.ts'
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
  const filtered = ShardFilter?.Type === 'AFTER_SHARD_ID' ? ShardFilter.ShardId : undefined
  let StreamName = ''
  let after = input.ExclusiveStartShardId ?? filtered
  if (NextToken === undefined) StreamName = streamNameOf(ports.settings, input)
  else ({ StreamName, after } = openNextToken(ports.settings, NextToken))
  const stream = await findStream(ports, { StreamName })
  const { shards, hasMore } = shardsAfter(stream, after, input.MaxResults)
  const last = shards.at(-1)?.ShardId
  if (!hasMore || last === undefined) return { Shards: shards }
  return {
    Shards: shards,
    NextToken: toMarker(sealOf(ports.settings), `${StreamName}/${last}`),
  }
}

/** The stream that a token goes on with, and where. Throws InvalidArgumentException. */
export function openNextToken(
  settings: Settings,
  NextToken: string,
): { StreamName: string; after: string | undefined } {
  const opened = openMarker(sealOf(settings), NextToken)
  if (opened === undefined) throw invalidArgument('Invalid NextToken.')
  const [StreamName = '', after] = opened.split('/')
  return { StreamName, after }
}

function sealOf(settings: Settings): MarkerSeal {
  return { secret: settings.rootSecretAccessKey, operation: 'ListShards' }
}
