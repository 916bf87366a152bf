import { openMarker, toMarker, type MarkerSeal } from '../aws/marker.ts'
import type { Settings } from '../aws/settings.ts'
import type { Ports } from '../ports/ports.ts'
import type { Stream } from '../ports/streams.ts'
import { findStream } from './find-stream.ts'
import type { ListShardsRequest, ShardFilter } from './shapes.ts'
import { shardsAfter, type Shard } from './shard-list.ts'
import { invalidArgument } from './stream-errors.ts'
import { streamNameOf } from './stream-name.ts'

interface ListShardsResponse {
  Shards: Shard[]
  NextToken?: string
}

/** Shards are open as long as their stream is there, so that most filters by time or state take all. */
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
  let StreamName = ''
  let after = input.ExclusiveStartShardId ?? startOf(ShardFilter)
  if (NextToken === undefined) StreamName = streamNameOf(ports.settings, input)
  else ({ StreamName, after } = openNextToken(ports.settings, NextToken))
  const stream = await findStream(ports, { StreamName })
  if (isBefore(ShardFilter, stream)) return { Shards: [] }
  const { shards, hasMore } = shardsAfter(stream, after, input.MaxResults)
  const last = shards.at(-1)?.ShardId
  if (!hasMore || last === undefined) return { Shards: shards }
  return {
    Shards: shards,
    NextToken: toMarker(sealOf(ports.settings), `${StreamName}/${last}`),
  }
}

/** The shard that a filter begins after. The words are those of kinesis-mock's ShardFilter.scala. */
function startOf(filter: ShardFilter | undefined): string | undefined {
  switch (filter?.Type) {
    case 'AFTER_SHARD_ID':
      if (typeof filter.ShardId === 'string') return filter.ShardId
      throw invalidArgument(
        'ShardId must be supplied in a ShardFilter with a Type of AFTER_SHARD_ID',
      )
    case 'AT_TIMESTAMP':
    case 'FROM_TIMESTAMP':
      if (typeof filter.Timestamp === 'number') return undefined
      throw invalidArgument(
        'Timestamp must be supplied in a ShardFilter with a Type of FROM_TIMESTAMP or AT_TIMESTAMP',
      )
    default:
      return undefined
  }
}

/** Whether a filter asks for the shards of a time when there were none yet. */
function isBefore(filter: ShardFilter | undefined, { createdAtMilliseconds }: Stream): boolean {
  if (filter?.Type !== 'AT_TIMESTAMP') return false
  return Math.round((filter.Timestamp ?? 0) * 1000) < createdAtMilliseconds
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
