import type {
  EventSourceConfiguration,
  EventSourcePair,
} from '../aws/event-source-configuration.ts'
import { ServiceError } from '../aws/service-error.ts'
import type { Ports } from '../ports/ports.ts'

/** The mapping as its actor has it. Throws ResourceNotFoundException, as `findPair` does. */
export async function findEventSource(
  ports: Pick<Ports, 'eventSources' | 'eventSourceIndex'>,
  UUID: string,
): Promise<EventSourceConfiguration> {
  const current = await ports.eventSources.get(await findPair(ports, UUID))
  if (current?.UUID !== UUID) throw eventSourceNotFound()
  return current
}

/**
 * Whose mapping it is, by the index, which may be a minute old. Throws ResourceNotFoundException, as
 * for any text that is no UUID.
 */
export async function findPair(
  { eventSourceIndex }: Pick<Ports, 'eventSourceIndex'>,
  UUID: string,
): Promise<EventSourcePair> {
  const listed = UUID_FORM.test(UUID) ? await eventSourceIndex.get(UUID) : undefined
  if (listed === undefined) throw eventSourceNotFound()
  return listed
}

// Nothing else may become part of a key.
const UUID_FORM = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function eventSourceNotFound(): ServiceError {
  return new ServiceError('ResourceNotFoundException', 'The resource you requested does not exist.')
}
