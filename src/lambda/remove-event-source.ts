import type { Ports } from '../ports/ports.ts'
import { eventSourceNotFound, findEventSource } from './find-event-source.ts'

/** No batch begins after this. */
export async function removeEventSource(
  ports: Pick<Ports, 'eventSources' | 'eventSourceIndex'>,
  UUID: string,
): Promise<void> {
  const mapping = await findEventSource(ports, UUID)
  const existed = await ports.eventSources.remove(mapping, UUID)
  if (!existed) throw eventSourceNotFound()
}
