import type { EventSourceConfiguration } from '../aws/event-source-configuration.ts'
import type { Ports } from '../ports/ports.ts'
import { findEventSource } from './find-event-source.ts'

export async function getEventSource(
  ports: Pick<Ports, 'eventSources' | 'eventSourceIndex'>,
  UUID: string,
): Promise<EventSourceConfiguration> {
  return findEventSource(ports, UUID)
}
