import { FunctionRecord } from '../../aws/function-configuration.ts'
import type { FunctionStore } from '../../ports/function-store.ts'
import { kvRecords } from './kv-records.ts'
import { fromMetadata, toMetadata } from './record-metadata.ts'

const PREFIX = 'function/'

/** Records under `function/NAME`. */
export function kvFunctionStore(kv: KVNamespace): FunctionStore {
  const records = kvRecords(kv, {
    parse: (value) => FunctionRecord.parse(value),
    toMetadata,
    fromMetadata: (key, metadata) => fromMetadata(key.slice(PREFIX.length), metadata),
  })
  return {
    get: (functionName) => records.get(PREFIX + functionName),
    list: (limit, cursor) => records.list(PREFIX, limit, cursor),
    put: (record) => records.put(PREFIX + record.configuration.FunctionName, record),
    async delete(functionName) {
      await kv.delete(PREFIX + functionName)
    },
  }
}
