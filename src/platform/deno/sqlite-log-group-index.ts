import { z } from 'zod'
import type { LogGroupIndex } from '../../ports/log-group-index.ts'
import type { Sql } from '../../ports/sql.ts'
import type { DiskSync } from './disk-sync.ts'
import { recordTable } from './record-table.ts'

const Indexed = z.object({
  logGroupName: z.string(),
  createdMilliseconds: z.number(),
  retentionDays: z.number().optional(),
  storedBytes: z.number(),
})

export function sqliteLogGroupIndex(sql: Sql, disk: DiskSync): LogGroupIndex {
  const table = recordTable(sql, disk, 'log_groups', (value) => Indexed.parse(value))
  return {
    list: (prefix, limit, cursor) => table.list(prefix, limit, cursor),
    put: (record) => table.put(record.logGroupName, record),
    delete: (logGroupName) => table.delete(logGroupName),
  }
}
