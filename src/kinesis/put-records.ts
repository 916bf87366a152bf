import type { Settings } from '../aws/settings.ts'
import type { Ports } from '../ports/ports.ts'
import { putIntoShards, type PutOutcome } from './put-into-shards.ts'
import type { PutRecordsRequest } from './shapes.ts'
import { recordBytes } from './storage/record-pack.ts'
import { shardIdOf } from './storage/shard-map.ts'
import { rateExceeded, recordsTooLarge } from './stream-errors.ts'
import { streamNameOf } from './stream-name.ts'

const MAX_BYTES = 5 * 1024 * 1024

type PutRecordsResultEntry =
  { SequenceNumber: string; ShardId: string } | { ErrorCode: string; ErrorMessage: string }

interface PutRecordsResponse {
  FailedRecordCount: number
  Records: PutRecordsResultEntry[]
}

export async function putRecords(
  ports: Pick<Ports, 'knownStreams' | 'shards' | 'streamWakes' | 'settings'>,
  input: PutRecordsRequest,
): Promise<PutRecordsResponse> {
  const { settings } = ports
  const streamName = streamNameOf(settings, input)
  const records = input.Records.map(({ PartitionKey, Data, ExplicitHashKey }) => ({
    partitionKey: PartitionKey,
    data: Data,
    explicitHashKey: ExplicitHashKey ?? undefined,
  }))
  if (records.reduce((sum, record) => sum + recordBytes(record), 0) > MAX_BYTES) {
    throw recordsTooLarge()
  }
  const outcomes = await putIntoShards(ports, streamName, records)
  return {
    FailedRecordCount: outcomes.filter(({ kind }) => kind !== 'stored').length,
    Records: outcomes.map((outcome) => toEntry(settings, streamName, outcome)),
  }
}

function toEntry(
  settings: Settings,
  streamName: string,
  outcome: PutOutcome,
): PutRecordsResultEntry {
  switch (outcome.kind) {
    case 'stored':
      return { SequenceNumber: outcome.sequenceNumber, ShardId: shardIdOf(outcome.shardIndex) }
    case 'full':
      return {
        ErrorCode: 'ProvisionedThroughputExceededException',
        ErrorMessage: rateExceeded(settings, streamName, outcome.shardIndex),
      }
    case 'failed':
      return { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal service failure.' }
  }
}
