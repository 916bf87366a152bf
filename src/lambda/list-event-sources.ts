import type { EventSourceConfiguration } from '../aws/event-source-configuration.ts'
import { fromMarker, toMarker } from '../aws/marker.ts'
import { parseStreamArn } from '../aws/stream-arn.ts'
import type { Ports } from '../ports/ports.ts'
import type { ListEventSourcesRequest } from './event-source-shapes.ts'

interface ListEventSourcesResponse {
  /** Absent, not empty, on the last page. */
  NextMarker?: string
  EventSources: EventSourceConfiguration[]
}

/** Filters are exact, and both have to fit. What they name need not exist. */
export async function listEventSources(
  { eventSourceIndex, settings }: Pick<Ports, 'eventSourceIndex' | 'settings'>,
  { EventSource, FunctionName, Marker, MaxItems }: ListEventSourcesRequest,
): Promise<ListEventSourcesResponse> {
  const filter = { EventSource, FunctionName }
  // A cursor goes on in one list: that of another filter is another list's.
  const operation = `ListEventSources ${JSON.stringify(filter)}`
  const seal = { secret: settings.rootSecretAccessKey, operation }
  const cursor = Marker === undefined ? undefined : fromMarker(seal, Marker)
  if (EventSource !== undefined && parseStreamArn(EventSource) === undefined) {
    return { EventSources: [] }
  }
  const page = await eventSourceIndex.list(filter, MaxItems, cursor)
  const EventSources = page.configurations
  return page.cursor === undefined
    ? { EventSources }
    : { NextMarker: toMarker(seal, page.cursor), EventSources }
}
