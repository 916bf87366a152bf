import { streamArn, type Partition } from '../aws/arn.ts'
import type { Stream } from '../ports/streams.ts'

/** What both descriptions of a stream begin with. */
export function streamSummary(partition: Partition, stream: Stream) {
  return {
    StreamName: stream.streamName,
    StreamARN: streamArn(partition, stream.streamName),
    StreamStatus: stream.status,
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
    RetentionPeriodHours: 24,
    StreamCreationTimestamp: stream.createdAtMilliseconds / 1000,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE',
  }
}
