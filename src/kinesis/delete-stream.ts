import { ServiceError } from '../aws/service-error.ts'
import type { Ports } from '../ports/ports.ts'
import type { DeleteStreamRequest } from './shapes.ts'
import { streamNotFound } from './stream-errors.ts'
import { streamNameOf } from './stream-name.ts'

export async function deleteStream(
  { streams, settings }: Pick<Ports, 'streams' | 'settings'>,
  input: DeleteStreamRequest,
): Promise<undefined> {
  const streamName = streamNameOf(settings, input)
  const outcome = await streams.delete(streamName)
  if (outcome === 'noSuchStream') throw streamNotFound(settings, streamName)
  if (outcome === 'busy') {
    throw new ServiceError(
      'ResourceInUseException',
      `Stream ${streamName} under account ${settings.accountId} not ACTIVE, instead in state CREATING`,
    )
  }
}
