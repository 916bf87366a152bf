import type { IndexedStream, StreamIndex } from '../../ports/stream-index.ts'

export function memoryStreamIndex(): StreamIndex {
  const streams = new Map<string, IndexedStream>()
  return {
    list(limit, cursor = '') {
      const after = Array.from(streams.values())
        .filter(({ streamName }) => streamName > cursor)
        .sort((a, b) => (a.streamName < b.streamName ? -1 : 1))
      const page = after.slice(0, limit)
      const last = page.at(-1)
      return Promise.resolve(
        after.length > page.length && last !== undefined
          ? { streams: page, cursor: last.streamName }
          : { streams: page },
      )
    },
    put({ streamName, createdAtMilliseconds }) {
      streams.set(streamName, { streamName, createdAtMilliseconds })
      return Promise.resolve()
    },
    delete(streamName) {
      streams.delete(streamName)
      return Promise.resolve()
    },
  }
}
