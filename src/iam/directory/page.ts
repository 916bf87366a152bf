import type { Page } from '../../ports/directory.ts'

/** The first `limit` of what was found, and where they end if one more was found. */
export function pageOf<Item>(
  found: Item[],
  limit: number,
  endOf: (item: Item) => string,
): Page<Item> {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return found.length > limit && last !== undefined ? { items, next: endOf(last) } : { items }
}
