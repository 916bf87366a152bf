import { EDITIONS } from '../kills/edition.ts'
import { isDenoEdition } from '../support/local-gateway.ts'
import type { Ledger } from './ledger.ts'

/**
 * Whether the bucket of a gateway that has ended holds zips which no accepted upload accounts for.
 * Replaced ones stay for a while, so a function has no more of them than it had uploads.
 */
export function faultsInBucket(folder: string, ledger: Ledger): string[] {
  const counts = new Map<string, number>()
  for (const key of EDITIONS[isDenoEdition ? 'deno' : 'workers'].storedIn(folder).objectKeys) {
    const [kind, name = ''] = key.split('/')
    if (kind === 'code') counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  if (counts.size === 0) return ['the bucket is empty, or is not where it was looked for']
  return [...counts].flatMap(([name, count]) => {
    const uploads = ledger.functions.get(name)?.uploads ?? 0
    return count <= uploads ? [] : [`${name} has ${count} objects of ${uploads} uploads`]
  })
}
