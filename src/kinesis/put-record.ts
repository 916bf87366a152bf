import { ServiceError } from '../aws/service-error.ts'
import type { Ports } from '../ports/ports.ts'
import { putIntoShards } from './put-into-shards.ts'
import type { PutRecordRequest } from './shapes.ts'
import { parseSequenceNumber } from './storage/sequence-number.ts'
import { shardIdOf } from './storage/shard-map.ts'
import { invalidArgument, rateExceeded } from './stream-errors.ts'
import { streamNameOf } from './stream-name.ts'

/** Numbers grow with every record, so SequenceNumberForOrdering asks for what is so anyway. */
export async function putRecord(
  ports: Pick<Ports, 'knownStreams' | 'shards' | 'streamWakes' | 'settings'>,
  input: PutRecordRequest,
): Promise<{ ShardId: string; SequenceNumber: string }> {
  const { settings } = ports
  const { SequenceNumberForOrdering: ordering, PartitionKey, Data, ExplicitHashKey } = input
  const streamName = streamNameOf(settings, input)
  if (ordering !== undefined && parseSequenceNumber(ordering) === undefined) {
    throw invalidArgument(
      `ExclusiveMinimumSequenceNumber ${ordering} used in PutRecord on stream ${streamName} under account ${settings.accountId} is invalid.`,
    )
  }
  const explicitHashKey = ExplicitHashKey ?? undefined
  const record = { partitionKey: PartitionKey, data: Data, explicitHashKey }
  const [outcome = { kind: 'failed' as const }] = await putIntoShards(ports, streamName, [record])
  switch (outcome.kind) {
    case 'stored':
      return { ShardId: shardIdOf(outcome.shardIndex), SequenceNumber: outcome.sequenceNumber }
    case 'full':
      throw new ServiceError(
        'ProvisionedThroughputExceededException',
        rateExceeded(settings, streamName, outcome.shardIndex),
      )
    case 'failed':
      throw new ServiceError('ServiceException', 'Internal service failure.')
  }
}
