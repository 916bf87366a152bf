import { vi } from 'vitest'
import { DiskSync } from '../../src/platform/deno/disk-sync.ts'

/** The disk stands still until it is let. */
export function heldDisk() {
  const { promise: turn, resolve } = Promise.withResolvers<undefined>()
  const synced = Reflect.get(DiskSync.prototype, 'synced')
  const sync = vi.spyOn(DiskSync.prototype, 'synced').mockImplementation(async function (
    this: DiskSync,
  ) {
    await turn
    await synced.call(this)
  })
  return { sync, letDiskTurn: () => resolve(undefined) }
}

/** A file whose syncs end when the test says so. */
export function heldFile() {
  const underWay: PromiseWithResolvers<undefined>[] = []
  return {
    underWay,
    sync() {
      const one = Promise.withResolvers<undefined>()
      underWay.push(one)
      return one.promise
    },
  }
}
