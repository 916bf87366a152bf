import { ServiceError } from '../aws/service-error.ts'
import type { Ports } from '../ports/ports.ts'
import type { CreateStreamRequest } from './shapes.ts'
import { invalidArgument } from './stream-errors.ts'

const MAX_SHARDS = 500

export async function createStream(
  { streams, settings }: Pick<Ports, 'streams' | 'settings'>,
  { StreamName, ShardCount, StreamModeDetails }: CreateStreamRequest,
): Promise<undefined> {
  const { accountId, region } = settings
  const { StreamMode } = StreamModeDetails ?? { StreamMode: 'PROVISIONED' }
  if (ShardCount === undefined || StreamMode !== 'PROVISIONED') {
    throw invalidArgument('This service has streams of the mode PROVISIONED only.')
  }
  if (ShardCount > MAX_SHARDS) {
    throw new ServiceError(
      'LimitExceededException',
      `This request would exceed the shard limit for a stream of the account ${accountId} in ${region}. Limit: ${MAX_SHARDS}. Number of shards that would have resulted from this request: ${ShardCount}.`,
    )
  }
  if ((await streams.create(StreamName, ShardCount)) === 'existed') {
    throw new ServiceError(
      'ResourceInUseException',
      `Stream ${StreamName} under account ${accountId} already exists.`,
    )
  }
}
