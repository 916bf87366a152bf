import { z } from 'zod'
import type { IndexedStream, StreamIndex } from '../../ports/stream-index.ts'

const PREFIX = 'stream/'

const Metadata = z.object({ createdAtMilliseconds: z.number() })

/** Streams under `stream/NAME`, with all that is listed in the metadata: `list` needs no `get`. */
export function kvStreamIndex(kv: KVNamespace): StreamIndex {
  return {
    async list(limit, cursor) {
      const page = await kv.list({
        prefix: PREFIX,
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      })
      const streams = page.keys.flatMap(({ name, metadata }): IndexedStream[] => {
        const { data } = Metadata.safeParse(metadata)
        return data === undefined ? [] : [{ streamName: name.slice(PREFIX.length), ...data }]
      })
      return page.list_complete ? { streams } : { streams, cursor: page.cursor }
    },
    async put({ streamName, createdAtMilliseconds }) {
      await kv.put(PREFIX + streamName, '', { metadata: { createdAtMilliseconds } })
    },
    async delete(streamName) {
      await kv.delete(PREFIX + streamName)
    },
  }
}
