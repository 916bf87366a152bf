import type { EventSourceConfiguration } from '../aws/event-source-configuration.ts'
import { ServiceError } from '../aws/service-error.ts'
import type { Ports } from '../ports/ports.ts'

/**
 * The mapping as its actor has it: the index, which may be a minute old, only says whose it is.
 * Throws ResourceNotFoundException, as for any text that is no UUID.
 */
export async function findEventSource(
  { eventSources, eventSourceIndex }: Pick<Ports, 'eventSources' | 'eventSourceIndex'>,
  UUID: string,
): Promise<EventSourceConfiguration> {
  const listed = UUID_FORM.test(UUID) ? await eventSourceIndex.get(UUID) : undefined
  const current = listed === undefined ? undefined : await eventSources.get(listed)
  if (current?.UUID !== UUID) throw eventSourceNotFound()
  return current
}

// Nothing else may become part of a key.
const UUID_FORM = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function eventSourceNotFound(): ServiceError {
  return new ServiceError('ResourceNotFoundException', 'The resource you requested does not exist.')
}
