import type { EventSourceConfiguration } from '../aws/event-source-configuration.ts'
import { ServiceError, invalidParameterValue } from '../aws/service-error.ts'
import type { Settings } from '../aws/settings.ts'
import { parseStreamArn, type StreamName } from '../aws/stream-arn.ts'
import type { Ports } from '../ports/ports.ts'
import type { AddEventSourceRequest } from './event-source-shapes.ts'
import { checkRole } from './check-role.ts'
import { findFunction } from './find-function.ts'

/**
 * Maps a stream to a function. A pair that is mapped keeps its UUID and its position. What does not
 * exist is refused with 400: this operation documents no 404.
 */
export async function addEventSource(
  ports: Pick<
    Ports,
    'eventSources' | 'functions' | 'registry' | 'identities' | 'directory' | 'settings'
  >,
  request: AddEventSourceRequest,
): Promise<EventSourceConfiguration> {
  const stream = parseStreamArn(request.EventSource)
  if (stream === undefined) throw invalidParameterValue('Unrecognized event source.')
  await findFunction(ports, request.FunctionName).catch(refuseMissingFunction)
  await checkRole(ports, request.Role)
  const added = mayExist(ports.settings, stream)
    ? await ports.eventSources.add(request)
    : { kind: 'noSuchStream' as const }
  if (added.kind === 'noSuchStream') {
    throw invalidParameterValue(`Stream not found: ${request.EventSource}`)
  }
  return added.configuration
}

/** The gateway's own streams are all in one account and region; of others nothing is known here. */
function mayExist({ kinesis, region, accountId }: Settings, stream: StreamName): boolean {
  return kinesis !== undefined || (stream.region === region && stream.accountId === accountId)
}

function refuseMissingFunction(error: unknown): never {
  const isMissing = error instanceof ServiceError && error.code === 'ResourceNotFoundException'
  throw isMissing ? invalidParameterValue('Function does not exist') : error
}
