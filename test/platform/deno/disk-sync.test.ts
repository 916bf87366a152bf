import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DiskSync } from '../../../src/platform/deno/disk-sync.ts'
import { heldFile } from '../../support/held-disk.ts'
import { settled } from '../../support/scripted-runner.ts'

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
afterEach(() => void vi.restoreAllMocks())

test('those who wait together share a sync, and one that began before a write is not enough', async () => {
  const disk = new DiskSync()
  const file = heldFile()
  const done: string[] = []
  const wait = (name: string) => void disk.synced().then(() => done.push(name))
  disk.wrote(file)
  wait('first')
  await vi.waitUntil(() => file.underWay.length === 1)
  disk.wrote(file)
  wait('second')
  wait('third')
  file.underWay[0]?.resolve(undefined)
  await vi.waitUntil(() => file.underWay.length === 2)
  expect(done).toEqual(['first'])
  file.underWay[1]?.resolve(undefined)
  await settled()
  expect(done).toEqual(['first', 'second', 'third'])
})

test('with nothing written there is nothing to wait for', async () => {
  await expect(new DiskSync().synced()).resolves.toBeUndefined()
})

test('what nobody waits for is synced all the same', async () => {
  const file = heldFile()
  const disk = new DiskSync()
  disk.wrote(file)
  await vi.waitUntil(() => file.underWay.length === 1)
})

test('nobody waits for what is written unhurried, until it is written in a hurry as well', async () => {
  const file = heldFile()
  const disk = new DiskSync()
  disk.unhurried(() => disk.wrote(file))
  await disk.synced()
  expect(file.underWay).toHaveLength(0)
  disk.wrote(file)
  void disk.synced()
  await vi.waitUntil(() => file.underWay.length === 1)
})

test('nobody who hurries waits for a sync of what was written unhurried', async () => {
  const slow = heldFile()
  const disk = new DiskSync()
  disk.unhurried(() => disk.wrote(slow))
  await vi.waitUntil(() => slow.underWay.length === 1)
  disk.wrote({ sync: () => Promise.resolve() })
  await disk.synced()
  const done: string[] = []
  void disk.allSynced().then(() => done.push('all'))
  await settled()
  expect(done).toEqual([])
  slow.underWay[0]?.resolve(undefined)
  await vi.waitUntil(() => done.length === 1)
})

test('who waits for all waits for what is written unhurried, too', async () => {
  const file = heldFile()
  const disk = new DiskSync()
  disk.unhurried(() => disk.wrote(file))
  const done: string[] = []
  void disk.allSynced().then(() => done.push('all'))
  await vi.waitUntil(() => file.underWay.length === 1)
  await settled()
  expect(done).toEqual([])
  file.underWay[0]?.resolve(undefined)
  await vi.waitUntil(() => done.length === 1)
})

test('what is written unhurried is synced all the same', async () => {
  const file = heldFile()
  const disk = new DiskSync()
  disk.unhurried(() => disk.wrote(file))
  await vi.waitUntil(() => file.underWay.length === 1)
})

test('after a sync that failed nothing is promised any more', async () => {
  const disk = new DiskSync()
  disk.wrote({ sync: () => Promise.reject(new Error('EIO')) })
  await expect(disk.synced()).rejects.toThrow('The disk failed')
  disk.wrote({ sync: () => Promise.resolve() })
  await expect(disk.synced()).rejects.toThrow('The disk failed')
})
