const MAX_LIST_KEYS = 1000
const MAX_BULK_KEYS = 100

/** How records are kept: as JSON, and in the key's metadata where they fit, for `list`. */
interface RecordForm<Kept> {
  parse(value: unknown): Kept
  /** `undefined` when the record does not fit. */
  toMetadata(record: Kept): object | undefined
  /** `undefined` when it is no record's. */
  fromMetadata(key: string, metadata: unknown): Kept | undefined
}

interface KvPage<Kept> {
  records: Kept[]
  cursor?: string
}

/** Records in KV whose lists cost one call per thousand, and never one per key. */
export function kvRecords<Kept>(kv: KVNamespace, form: RecordForm<Kept>) {
  /** The records whose metadata did not fit, a hundred keys a call. */
  async function getMany(keys: string[]): Promise<Map<string, Kept>> {
    const found = new Map<string, Kept>()
    for (let at = 0; at < keys.length; at += MAX_BULK_KEYS) {
      const values = await kv.get(keys.slice(at, at + MAX_BULK_KEYS), 'json')
      for (const [key, value] of values) {
        if (value !== null) found.set(key, form.parse(value))
      }
    }
    return found
  }

  /**
   * Whether anything is left behind a cursor: KV gives one also where only deleted keys follow
   * (developers.cloudflare.com/kv/api/list-keys: "even if the `keys` array is empty").
   */
  async function hasMore(prefix: string, cursor: string): Promise<boolean> {
    for (let next: string | undefined = cursor; next !== undefined;) {
      const page: KVNamespaceListResult<unknown> = await kv.list({ prefix, limit: 1, cursor: next })
      if (page.keys.length > 0) return true
      next = page.list_complete ? undefined : page.cursor
    }
    return false
  }

  return {
    async get(key: string): Promise<Kept | undefined> {
      const value = await kv.get(key, 'json')
      return value === null ? undefined : form.parse(value)
    },

    /** At most `limit` records in the order of their keys, after `cursor`. */
    async list(prefix: string, limit: number, cursor?: string): Promise<KvPage<Kept>> {
      const records: Kept[] = []
      let next = cursor
      do {
        const page = await kv.list({
          prefix,
          limit: Math.min(limit - records.length, MAX_LIST_KEYS),
          ...(next === undefined ? {} : { cursor: next }),
        })
        const listed = page.keys.map(({ name, metadata }) => ({
          key: name,
          record: form.fromMetadata(name, metadata),
        }))
        const bare = listed.filter(({ record }) => record === undefined)
        const overflown = await getMany(bare.map(({ key }) => key))
        for (const { key, record = overflown.get(key) } of listed) {
          // A key may be deleted between the list and the get.
          if (record !== undefined) records.push(record)
        }
        next = page.list_complete ? undefined : page.cursor
      } while (next !== undefined && records.length < limit)
      if (next === undefined || !(await hasMore(prefix, next))) return { records }
      return { records, cursor: next }
    },

    async put(key: string, record: Kept): Promise<void> {
      const metadata = form.toMetadata(record)
      await kv.put(key, JSON.stringify(record), metadata === undefined ? {} : { metadata })
    },
  }
}
