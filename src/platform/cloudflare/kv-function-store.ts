import { FunctionRecord } from '../../aws/function-configuration.ts'
import type { FunctionStore } from '../../ports/function-store.ts'
import { fromMetadata, toMetadata } from './record-metadata.ts'

const PREFIX = 'function/'
const MAX_LIST_KEYS = 1000
const MAX_BULK_KEYS = 100

/** Records under `function/NAME`, and once more in the metadata where they fit, for `list`. */
export function kvFunctionStore(kv: KVNamespace): FunctionStore {
  async function get(functionName: string): Promise<FunctionRecord | undefined> {
    const value = await kv.get(PREFIX + functionName, 'json')
    return value === null ? undefined : FunctionRecord.parse(value)
  }

  /** The records whose metadata did not fit, a hundred keys a call. */
  async function getMany(keys: string[]): Promise<Map<string, FunctionRecord>> {
    const found = new Map<string, FunctionRecord>()
    for (let at = 0; at < keys.length; at += MAX_BULK_KEYS) {
      const values = await kv.get(keys.slice(at, at + MAX_BULK_KEYS), 'json')
      for (const [key, value] of values) {
        if (value !== null) found.set(key, FunctionRecord.parse(value))
      }
    }
    return found
  }

  /**
   * Whether anything is left behind a cursor: KV gives one also where only deleted keys follow
   * (developers.cloudflare.com/kv/api/list-keys: "even if the `keys` array is empty").
   */
  async function hasMore(cursor: string): Promise<boolean> {
    for (let next: string | undefined = cursor; next !== undefined;) {
      const page: KVNamespaceListResult<unknown> = await kv.list({
        prefix: PREFIX,
        limit: 1,
        cursor: next,
      })
      if (page.keys.length > 0) return true
      next = page.list_complete ? undefined : page.cursor
    }
    return false
  }

  return {
    get,
    async list(limit, cursor) {
      const records: FunctionRecord[] = []
      let next = cursor
      do {
        const page = await kv.list({
          prefix: PREFIX,
          limit: Math.min(limit - records.length, MAX_LIST_KEYS),
          ...(next === undefined ? {} : { cursor: next }),
        })
        const listed = page.keys.map((key) => ({
          key: key.name,
          record: fromMetadata(key.name.slice(PREFIX.length), key.metadata),
        }))
        const bare = listed.filter(({ record }) => record === undefined)
        const overflown = await getMany(bare.map(({ key }) => key))
        for (const { key, record = overflown.get(key) } of listed) {
          // A key may be deleted between the list and the get.
          if (record !== undefined) records.push(record)
        }
        next = page.list_complete ? undefined : page.cursor
      } while (next !== undefined && records.length < limit)
      if (next === undefined || !(await hasMore(next))) return { records }
      return { records, cursor: next }
    },
    async put(record) {
      const key = PREFIX + record.configuration.FunctionName
      const metadata = toMetadata(record)
      await kv.put(key, JSON.stringify(record), metadata === undefined ? {} : { metadata })
    },
    async delete(functionName) {
      await kv.delete(PREFIX + functionName)
    },
  }
}
