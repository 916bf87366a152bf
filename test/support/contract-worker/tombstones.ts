type Method = (...args: unknown[]) => unknown

/**
 * KV as it is where keys were deleted: behind the last key comes one more cursor, to an empty page.
 * Miniflare's KV never does so (developers.cloudflare.com/kv/api/list-keys describes it).
 */
export function withTombstones(kv: KVNamespace): KVNamespace {
  const END = 'tombstones'
  return new Proxy(kv, {
    get(target, name) {
      if (name !== 'list') return (target[name as keyof KVNamespace] as Method).bind(target)
      return async (options: KVNamespaceListOptions) => {
        if (options.cursor === END) return { keys: [], list_complete: true }
        const page = await target.list(options)
        return page.list_complete ? { ...page, list_complete: false, cursor: END } : page
      }
    },
  })
}
