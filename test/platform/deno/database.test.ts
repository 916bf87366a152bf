import { copyFile, open, type FileHandle } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openDatabase } from '../../../src/platform/deno/database.ts'
import { DiskSync } from '../../../src/platform/deno/disk-sync.ts'
import { dataFolder } from '../../support/deno-data.ts'
import { settled } from '../../support/scripted-runner.ts'

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** What a process would find that came after this one was killed now. */
async function keptIn(path: string): Promise<unknown[]> {
  await using copy = await dataFolder()
  for (const ending of ['', '-wal']) {
    await copyFile(path + ending, `${copy.path}/copy.db${ending}`)
  }
  const database = new DatabaseSync(`${copy.path}/copy.db`)
  const rows = database.prepare('SELECT n FROM numbers').all()
  database.close()
  return rows.map(({ n }) => n)
}

test('what is written between two syncs is kept as a whole', async () => {
  // None that nobody asked for.
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  await using folder = await dataFolder()
  const path = `${folder.path}/a.db`
  const disk = new DiskSync()
  const sql = openDatabase(path, disk)
  sql.all('CREATE TABLE numbers (n INTEGER)')
  await disk.synced()
  sql.all('INSERT INTO numbers VALUES (1)')
  sql.transaction(() => sql.all('INSERT INTO numbers VALUES (2)'))
  expect(sql.all('SELECT n FROM numbers')).toEqual([{ n: 1 }, { n: 2 }])
  expect(await keptIn(path)).toEqual([])
  await disk.synced()
  expect(await keptIn(path)).toEqual([1, 2])
  sql.close()
})

test('nothing is on the disk before the log can be found there, whoever asked first', async () => {
  await using folder = await dataFolder()
  const handle = await open(folder.path)
  const prototype = Object.getPrototypeOf(handle) as FileHandle
  await handle.close()
  const turn = Promise.withResolvers<undefined>()
  const ofFolder = vi.spyOn(prototype, 'sync').mockImplementation(() => turn.promise)
  const ofLog = vi.spyOn(prototype, 'datasync')
  const disk = new DiskSync()
  const sql = openDatabase(`${folder.path}/a.db`, disk)
  disk.unhurried(() => void sql.all('CREATE TABLE numbers (n INTEGER)'))
  void disk.allSynced()
  await vi.waitUntil(() => ofFolder.mock.calls.length === 1)
  sql.all('INSERT INTO numbers VALUES (1)')
  const done: string[] = []
  void disk.synced().then(() => done.push('synced'))
  await vi.waitUntil(() => ofLog.mock.calls.length === 2)
  await ofLog.mock.results[1]?.value
  await settled()
  expect(done).toEqual([])
  turn.resolve(undefined)
  await vi.waitUntil(() => done.length === 1)
  sql.close()
})

test('what is undone takes nothing along that was written before it', async () => {
  await using folder = await dataFolder()
  const path = `${folder.path}/a.db`
  const disk = new DiskSync()
  const sql = openDatabase(path, disk)
  sql.all('CREATE TABLE numbers (n INTEGER UNIQUE)')
  sql.all('INSERT INTO numbers VALUES (1)')
  const twice = () =>
    sql.transaction(() => {
      sql.all('INSERT INTO numbers VALUES (2)')
      sql.all('INSERT INTO numbers VALUES (1)')
    })
  expect(twice).toThrow('UNIQUE')
  await disk.synced()
  expect(await keptIn(path)).toEqual([1])
  sql.close()
})

test('what was not synced yet is there after a close', async () => {
  await using folder = await dataFolder()
  const path = `${folder.path}/a.db`
  const disk = new DiskSync()
  const sql = openDatabase(path, disk)
  sql.all('CREATE TABLE numbers (n INTEGER)')
  sql.all('INSERT INTO numbers VALUES (1)')
  sql.close()
  await disk.synced()
  const again = openDatabase(path, disk)
  expect(again.all('SELECT n FROM numbers')).toEqual([{ n: 1 }])
  again.close()
})

test('on a disk that is full nothing is promised any more', async () => {
  await using folder = await dataFolder()
  const disk = new DiskSync()
  const sql = openDatabase(`${folder.path}/a.db`, disk)
  sql.all('CREATE TABLE numbers (n BLOB)')
  await disk.synced()
  sql.all('PRAGMA max_page_count = 10')
  sql.all('INSERT INTO numbers VALUES (1)')
  expect(() => sql.all('INSERT INTO numbers VALUES (randomblob(1000000))')).toThrow('full')
  await expect(disk.synced()).rejects.toThrow('The disk failed')
})
