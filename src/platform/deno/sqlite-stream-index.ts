import { z } from 'zod'
import type { Sql } from '../../ports/sql.ts'
import type { StreamIndex } from '../../ports/stream-index.ts'
import type { DiskSync } from './disk-sync.ts'
import { recordTable } from './record-table.ts'

const Indexed = z.object({ streamName: z.string(), createdAtMilliseconds: z.number() })

export function sqliteStreamIndex(sql: Sql, disk: DiskSync): StreamIndex {
  const table = recordTable(sql, disk, 'streams', (value) => Indexed.parse(value))
  return {
    async list(limit, cursor) {
      const { records, ...rest } = await table.list('', limit, cursor)
      return { streams: records, ...rest }
    },
    put: (stream) => table.put(stream.streamName, stream),
    delete: (streamName) => table.delete(streamName),
  }
}
