import { globSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Ledger } from './ledger.ts'

/**
 * Whether the bucket of a gateway that has ended holds zips which no accepted upload accounts for.
 * Replaced ones stay for a while, so a function has no more of them than it had uploads.
 */
export function faultsInBucket(folder: string, ledger: Ledger): string[] {
  const counts = new Map<string, number>()
  for (const key of keysIn(folder)) {
    const [kind, name = ''] = key.split('/')
    if (kind === 'code') counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  if (counts.size === 0) return ['the bucket is empty, or is not where it was looked for']
  return [...counts].flatMap(([name, count]) => {
    const uploads = ledger.functions.get(name)?.uploads ?? 0
    return count <= uploads ? [] : [`${name} has ${count} objects of ${uploads} uploads`]
  })
}

/** Miniflare keeps a bucket's keys in SQLite (`_mf_objects`). */
function keysIn(folder: string): string[] {
  const files = globSync(join(folder, 'v3/r2/**/*.sqlite'))
  return files.flatMap((file) => {
    const database = new DatabaseSync(file, { readOnly: true })
    try {
      const isBucket = database
        .prepare(`SELECT 1 FROM sqlite_master WHERE name = '_mf_objects'`)
        .get()
      if (isBucket === undefined) return []
      const rows = database.prepare('SELECT key FROM _mf_objects').all()
      return rows.map(({ key }) => String(key))
    } finally {
      database.close()
    }
  })
}
