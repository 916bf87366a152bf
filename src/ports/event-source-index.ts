import type { EventSourceConfiguration } from '../aws/event-source-configuration.ts'

export interface EventSourcePage {
  configurations: EventSourceConfiguration[]
  /** Opaque; absent on the last page. Stays good when mappings come and go between pages. */
  cursor?: string
}

/** Which mappings: those of a stream, of a function, of both, or all. */
export interface EventSourceFilter {
  EventSource?: string | undefined
  FunctionName?: string | undefined
}

/**
 * Where mappings are found and listed. A copy, as the function store is one: elsewhere it may be
 * 60 s old, and only the mapping's actor calls `put` and `delete`.
 */
export interface EventSourceIndex {
  get(UUID: string): Promise<EventSourceConfiguration | undefined>
  /** At most `limit` mappings after `cursor`, which came from a list by the same filter. */
  list(filter: EventSourceFilter, limit: number, cursor?: string): Promise<EventSourcePage>
  /** May reject when the mapping was written less than a second ago: try again later. */
  put(configuration: EventSourceConfiguration): Promise<void>
  delete(configuration: EventSourceConfiguration): Promise<void>
}
