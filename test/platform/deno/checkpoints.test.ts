import { closeSync, fdatasyncSync } from 'node:fs'
import { copyFile, open, readFile, type FileHandle } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi, type Mock } from 'vitest'
import { openDatabase } from '../../../src/platform/deno/database.ts'
import { DiskSync } from '../../../src/platform/deno/disk-sync.ts'
import { dataFolder } from '../../support/deno-data.ts'
import { settled } from '../../support/scripted-runner.ts'

vi.mock('node:fs', { spy: true })

/** More than the log has before it is copied. */
const LONG = 5_000_000

let synced: Mock<FileHandle['datasync']>

beforeEach(async () => {
  // Syncs that nobody asked for would come in between.
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  await using folder = await dataFolder()
  const handle = await open(folder.path)
  synced = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, 'datasync')
  await handle.close()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** What is in a database's own file, with its log or without. */
async function keptIn(path: string, endings: string[]): Promise<unknown[]> {
  await using copy = await dataFolder()
  for (const ending of endings) await copyFile(path + ending, `${copy.path}/copy.db${ending}`)
  const database = new DatabaseSync(`${copy.path}/copy.db`)
  const rows = database.prepare('SELECT LENGTH(data) AS bytes FROM pieces ORDER BY rowid').all()
  database.close()
  return rows.map(({ bytes }) => bytes)
}

const withLog = ['', '-wal']
const withoutLog = ['']

function emptyDatabase(folder: string) {
  const path = `${folder}/a.db`
  const disk = new DiskSync()
  const sql = openDatabase(path, disk)
  sql.all('CREATE TABLE pieces (data BLOB)')
  const write = (length: number) => sql.all('INSERT INTO pieces VALUES (ZEROBLOB(?))', length)
  return { path, disk, sql, write }
}

/** A database with so many bytes in its log, all of them on the disk. */
async function databaseWith(folder: string, bytes: number) {
  const database = emptyDatabase(folder)
  database.write(bytes)
  await database.disk.synced()
  return database
}

test('a long log is copied, and nothing is committed before the copy is on the disk', async () => {
  await using folder = await dataFolder()
  const turn = Promise.withResolvers<undefined>()
  synced.mockImplementationOnce(() => Promise.resolve()).mockImplementationOnce(() => turn.promise)
  const { path, disk, sql, write } = await databaseWith(folder.path, LONG)
  expect(await keptIn(path, withoutLog)).toEqual([LONG])
  const log = await readFile(`${path}-wal`)
  // More than SQLite would hold in memory by itself.
  write(LONG)
  write(1)
  const done: string[] = []
  void disk.synced().then(() => done.push('synced'))
  await vi.waitUntil(() => synced.mock.calls.length === 2)
  await settled()
  expect(done).toEqual([])
  expect(log.equals(await readFile(`${path}-wal`))).toBe(true)
  turn.resolve(undefined)
  await vi.waitUntil(() => done.length === 1)
  expect(await keptIn(path, withLog)).toEqual([LONG, LONG, 1])
  sql.close()
})

test('a short log is left as it is', async () => {
  await using folder = await dataFolder()
  const { path, sql } = await databaseWith(folder.path, 1000)
  await expect(keptIn(path, withoutLog)).rejects.toThrow('no such table')
  sql.close()
})

test('a log is copied only when nothing that is not on the disk is in it', async () => {
  await using folder = await dataFolder()
  const turn = Promise.withResolvers<undefined>()
  synced.mockImplementationOnce(() => turn.promise)
  const { path, disk, sql, write } = emptyDatabase(folder.path)
  write(LONG)
  const first = disk.synced()
  await vi.waitUntil(() => synced.mock.calls.length === 1)
  write(1)
  turn.resolve(undefined)
  await first
  await expect(keptIn(path, withoutLog)).rejects.toThrow('no such table')
  await disk.synced()
  expect(await keptIn(path, withoutLog)).toEqual([LONG, 1])
  sql.close()
})

test('where the copy cannot be brought to the disk nothing is promised any more', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  await using folder = await dataFolder()
  synced
    .mockImplementationOnce(() => Promise.resolve())
    .mockImplementationOnce(() => Promise.reject(new Error('EIO')))
  const { disk, sql, write } = await databaseWith(folder.path, LONG)
  write(1)
  await expect(disk.synced()).rejects.toThrow('The disk failed')
  sql.close()
})

test('a log is not deleted before what was copied out of it is on the disk', async () => {
  await using folder = await dataFolder()
  synced
    .mockImplementationOnce(() => Promise.resolve())
    .mockImplementationOnce(() => new Promise(() => undefined))
  const { path, sql } = await databaseWith(folder.path, LONG)
  const close = vi.spyOn(DatabaseSync.prototype, 'close')
  sql.close()
  expect(fdatasyncSync).toHaveBeenCalledBefore(close)
  // Before, it would have taken SQLite's lock along.
  expect(close).toHaveBeenCalledBefore(vi.mocked(closeSync))
  expect(await keptIn(path, withoutLog)).toEqual([LONG])
})
