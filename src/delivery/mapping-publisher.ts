import type { EventSourceConfiguration } from '../aws/event-source-configuration.ts'
import { Publisher } from '../aws/publisher.ts'
import type { EventSourceIndex } from '../ports/event-source-index.ts'
import type { MappingRecordStore } from './mapping-record.ts'

interface Options {
  record: MappingRecordStore
  index: Pick<EventSourceIndex, 'put' | 'delete'>
  /** Whether the mapping was removed and something of it still goes on. */
  isRemoving: () => boolean
  beforeTry: () => void
}

/**
 * Keeps the index as the record is. A mapping whose removal is not done stays there until it is: who
 * removes it again finds it by the index.
 */
export function mappingPublisher(options: Options): Publisher<EventSourceConfiguration> {
  const { record, index, isRemoving, beforeTry } = options
  const shown = {
    current: () => record.current(),
    unpublished: () => (isRemoving() ? undefined : record.unpublished()),
    markPublished: (version: number) => record.markPublished(version),
  }
  const copy = {
    get name() {
      return `mapping ${record.last()?.UUID ?? ''}`
    },
    put: (configuration: EventSourceConfiguration) => index.put(configuration),
    async delete() {
      const removed = record.last()
      if (removed !== undefined) await index.delete(removed)
    },
  }
  return new Publisher(shown, copy, beforeTry)
}
