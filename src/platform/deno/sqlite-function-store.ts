import { FunctionRecord } from '../../aws/function-configuration.ts'
import type { FunctionStore } from '../../ports/function-store.ts'
import type { Sql } from '../../ports/sql.ts'
import type { DiskSync } from './disk-sync.ts'
import { recordTable } from './record-table.ts'

export function sqliteFunctionStore(sql: Sql, disk: DiskSync): FunctionStore {
  const table = recordTable(sql, disk, 'functions', (value) => FunctionRecord.parse(value))
  return {
    get: (functionName) => table.get(functionName),
    list: (limit, cursor) => table.list('', limit, cursor),
    put: (record) => table.put(record.configuration.FunctionName, record),
    delete: (functionName) => table.delete(functionName),
  }
}
