import type { Ports } from '../ports/ports.ts'
import { findStream } from './find-stream.ts'
import type { DescribeStreamSummaryRequest } from './shapes.ts'
import { streamSummary } from './stream-summary.ts'

export async function describeStreamSummary(
  ports: Pick<Ports, 'streams' | 'settings'>,
  input: DescribeStreamSummaryRequest,
) {
  const stream = await findStream(ports, input)
  const OpenShardCount = stream.status === 'CREATING' ? 0 : stream.shardCount
  const summary = streamSummary(ports.settings, stream)
  return { StreamDescriptionSummary: { ...summary, OpenShardCount, ConsumerCount: 0 } }
}
