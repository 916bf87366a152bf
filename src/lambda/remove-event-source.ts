import type { Ports } from '../ports/ports.ts'
import { eventSourceNotFound, findPair } from './find-event-source.ts'

/** No batch begins after this. Where that could not be promised it may be asked for again. */
export async function removeEventSource(
  ports: Pick<Ports, 'eventSources' | 'eventSourceIndex'>,
  UUID: string,
): Promise<void> {
  // `findEventSource` knows none whose removal is still to be finished.
  const existed = await ports.eventSources.remove(await findPair(ports, UUID), UUID)
  if (!existed) throw eventSourceNotFound()
}
