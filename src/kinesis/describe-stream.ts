import type { Ports } from '../ports/ports.ts'
import { findStream } from './find-stream.ts'
import type { DescribeStreamRequest } from './shapes.ts'
import { shardsAfter } from './shard-list.ts'
import { streamSummary } from './stream-summary.ts'

export async function describeStream(
  ports: Pick<Ports, 'streams' | 'settings'>,
  input: DescribeStreamRequest,
) {
  const stream = await findStream(ports, input)
  const { shards, hasMore } = shardsAfter(stream, input.ExclusiveStartShardId, input.Limit)
  const summary = streamSummary(ports.settings, stream)
  return { StreamDescription: { ...summary, Shards: shards, HasMoreShards: hasMore } }
}
