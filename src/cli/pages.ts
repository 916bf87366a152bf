interface Page<Item> {
  items: Item[]
  marker: string | undefined
}

interface Listed<Item> {
  items: Item[]
  /** Whether there is more than was asked for. */
  hasMore: boolean
}

/** Turns pages until there are `limit` items or no more. */
export async function pagesOf<Item>(
  limit: number,
  pageAt: (marker: string | undefined, size: number) => Promise<Page<Item>>,
): Promise<Listed<Item>> {
  const items: Item[] = []
  let marker: string | undefined
  do {
    const page = await pageAt(marker, limit - items.length)
    items.push(...page.items)
    marker = page.marker
  } while (marker !== undefined && items.length < limit)
  return { items, hasMore: marker !== undefined }
}
