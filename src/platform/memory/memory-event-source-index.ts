import type { EventSourceConfiguration } from '../../aws/event-source-configuration.ts'
import type { EventSourceIndex } from '../../ports/event-source-index.ts'

export function memoryEventSourceIndex(): EventSourceIndex {
  const mappings = new Map<string, EventSourceConfiguration>()
  return {
    get: (UUID) => Promise.resolve(mappings.get(UUID)),
    list({ EventSource, FunctionName }, limit, cursor = '') {
      const found = Array.from(mappings.values())
        .filter((one) => EventSource === undefined || one.EventSource === EventSource)
        .filter((one) => FunctionName === undefined || one.FunctionName === FunctionName)
        .filter((one) => one.UUID > cursor)
        .sort((one, other) => (one.UUID < other.UUID ? -1 : 1))
      const configurations = found.slice(0, limit)
      const last = configurations.at(-1)
      return Promise.resolve(
        found.length > configurations.length && last !== undefined
          ? { configurations, cursor: last.UUID }
          : { configurations },
      )
    },
    put(configuration) {
      mappings.set(configuration.UUID, { ...configuration })
      return Promise.resolve()
    },
    delete({ UUID }) {
      mappings.delete(UUID)
      return Promise.resolve()
    },
  }
}
