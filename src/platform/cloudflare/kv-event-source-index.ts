import { EventSourceConfiguration } from '../../aws/event-source-configuration.ts'
import { utf8Length } from '../../aws/utf8.ts'
import type { EventSourceFilter, EventSourceIndex } from '../../ports/event-source-index.ts'
import { kvRecords } from './kv-records.ts'
import { MAX_METADATA_BYTES } from './record-metadata.ts'

const BY_UUID = 'event-source/'
const OF_FUNCTION = 'event-source-of-function/'
const OF_STREAM = 'event-source-of-stream/'

/**
 * Each mapping three times: by its UUID, by its function and by its stream, so that no list reads
 * what it does not answer.
 */
export function kvEventSourceIndex(kv: KVNamespace): EventSourceIndex {
  const records = kvRecords<EventSourceConfiguration>(kv, {
    parse: (value) => EventSourceConfiguration.parse(value),
    toMetadata(configuration) {
      const bytes = utf8Length(JSON.stringify(configuration))
      return bytes <= MAX_METADATA_BYTES ? configuration : undefined
    },
    fromMetadata: (_key, metadata) => EventSourceConfiguration.safeParse(metadata).data,
  })
  return {
    get: (UUID) => records.get(BY_UUID + UUID),
    async list(filter, limit, cursor) {
      const page = await records.list(prefixOf(filter), limit, cursor)
      const { records: configurations, ...rest } = page
      return { configurations, ...rest }
    },
    async put(configuration) {
      await Promise.all(keysOf(configuration).map((key) => records.put(key, configuration)))
    },
    async delete(configuration) {
      await Promise.all(keysOf(configuration).map((key) => kv.delete(key)))
    },
  }
}

// No name of a function or a stream has a slash, so no prefix is the beginning of another's.
function keysOf({ UUID, EventSource, FunctionName }: EventSourceConfiguration): string[] {
  return [
    BY_UUID + UUID,
    `${OF_FUNCTION}${FunctionName}/${EventSource}/${UUID}`,
    `${OF_STREAM}${EventSource}/${FunctionName}/${UUID}`,
  ]
}

function prefixOf({ EventSource, FunctionName }: EventSourceFilter): string {
  if (FunctionName === undefined) {
    return EventSource === undefined ? BY_UUID : `${OF_STREAM}${EventSource}/`
  }
  return `${OF_FUNCTION}${FunctionName}/${EventSource === undefined ? '' : `${EventSource}/`}`
}
