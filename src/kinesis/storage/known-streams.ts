import { BoundedMap } from '../../aws/bounded-map.ts'
import type { KnownStreams, Stream, Streams } from '../../ports/streams.ts'

const MAX_KNOWN = 1000

/** What is known of streams, from request to request. */
export type StreamMemory = BoundedMap<string, Stream>

export const streamMemory = (): StreamMemory => new BoundedMap(MAX_KNOWN)

/**
 * Remembers active streams in `known`, which outlives a request: what a stream's shards are never
 * changes in its incarnation, so who knows it need not ask its actor at every put.
 */
export function knownStreams(streams: Pick<Streams, 'find'>, known: StreamMemory): KnownStreams {
  return {
    async get(streamName) {
      const kept = known.get(streamName)
      if (kept !== undefined) return kept
      const found = await streams.find(streamName)
      if (found?.status !== 'ACTIVE') return undefined
      known.set(streamName, found)
      return found
    },
    forget({ streamName, incarnation }) {
      if (known.get(streamName)?.incarnation === incarnation) known.delete(streamName)
    },
  }
}
