import { z } from 'zod'
import type { LogGroupIndex, LogGroupRecord } from '../../ports/log-group-index.ts'

const PREFIX = 'log-group/'

const Metadata = z.object({
  createdMilliseconds: z.number(),
  retentionDays: z.number().optional(),
  storedBytes: z.number(),
})

/** Groups under `log-group/NAME`, with all that is listed in the metadata: `list` needs no `get`. */
export function kvLogGroupIndex(kv: KVNamespace): LogGroupIndex {
  return {
    async list(prefix, limit, cursor) {
      const page = await kv.list({
        prefix: PREFIX + prefix,
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      })
      const records = page.keys.flatMap(({ name, metadata }): LogGroupRecord[] => {
        const { data } = Metadata.safeParse(metadata)
        return data === undefined ? [] : [{ logGroupName: name.slice(PREFIX.length), ...data }]
      })
      return page.list_complete ? { records } : { records, cursor: page.cursor }
    },
    async put({ logGroupName, ...metadata }) {
      await kv.put(PREFIX + logGroupName, '', { metadata })
    },
    async delete(logGroupName) {
      await kv.delete(PREFIX + logGroupName)
    },
  }
}
