import { copyFile, cp, readdir, stat } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { DiskSync } from '../../../src/platform/deno/disk-sync.ts'
import { openGatewayDatabase } from '../../../src/platform/deno/gateway-database.ts'
import { draftOf } from '../../contracts/function-actor.ts'
import { dataFolder, openDenoData } from '../../support/deno-data.ts'
import { heldDisk } from '../../support/held-disk.ts'
import { until } from '../../support/local-gateway.ts'
import { FAILED, SUCCEEDED, scriptedRunner, settled } from '../../support/scripted-runner.ts'

const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks'
const MAPPING = {
  FunctionName: 'f',
  EventSource: ARN,
  Role: 'arn:aws:iam::000000000000:role/lambda',
  BatchSize: 10,
  Parameters: { InitialPositionInStream: 'TRIM_HORIZON' as const },
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

const eventOf = (requestId: string, payload = '{}') => ({
  functionName: 'f',
  requestId,
  acceptedAtMilliseconds: Date.now(),
  payload,
})

test('a data folder belongs to one gateway at a time', async () => {
  await using folder = await dataFolder()
  const first = await openDenoData({ folder: folder.path })
  await expect(openDenoData({ folder: folder.path })).rejects.toThrow(
    `Another gateway is running on the data folder ${folder.path}`,
  )
  await first.close(0)
  const second = await openDenoData({ folder: folder.path })
  await second.close(0)
})

test('a data folder that the gateway makes is its own user’s alone', async () => {
  await using folder = await dataFolder()
  const { close } = await openDenoData({ folder: `${folder.path}/data` })
  expect((await stat(`${folder.path}/data`)).mode & 0o777).toBe(0o700)
  await close(0)
})

test('a folder of an older version is brought forward, one of a newer version is refused', async () => {
  await using folder = await dataFolder()
  const disk = new DiskSync()
  const first = ['CREATE TABLE functions (key TEXT PRIMARY KEY)']
  const second = [`ALTER TABLE functions ADD COLUMN color TEXT NOT NULL DEFAULT 'blue'`]
  const old = openGatewayDatabase(folder.path, disk, [first])
  old.all(`INSERT INTO functions VALUES ('f')`)
  old.close()
  const current = openGatewayDatabase(folder.path, disk, [first, second])
  expect(current.all('SELECT * FROM functions')).toEqual([{ key: 'f', color: 'blue' }])
  current.close()
  expect(() => openGatewayDatabase(folder.path, disk, [first])).toThrow(
    `A newer gateway wrote the data folder ${folder.path}: its schema has version 2, and this gateway knows 1`,
  )
  const again = openGatewayDatabase(folder.path, disk, [first, second])
  expect(again.all('SELECT * FROM functions')).toHaveLength(1)
  again.close()
})

test('a migration that fails leaves the folder as it was', async () => {
  await using folder = await dataFolder()
  const disk = new DiskSync()
  const first = ['CREATE TABLE functions (key TEXT PRIMARY KEY)']
  openGatewayDatabase(folder.path, disk, [first]).close()
  const broken = ['ALTER TABLE functions ADD COLUMN color TEXT', 'CREATE nonsense']
  expect(() => openGatewayDatabase(folder.path, disk, [first, broken])).toThrow('syntax error')
  const still = openGatewayDatabase(folder.path, disk, [first])
  expect(still.all('SELECT name FROM pragma_table_info(?)', 'functions')).toEqual([{ name: 'key' }])
  still.close()
})

test('who only asks for what is not there leaves no file behind', async () => {
  await using folder = await dataFolder()
  const { ports, capacity, close } = await openDenoData({ folder: folder.path })
  const before = await filesIn(folder.path)
  expect(await ports.registry.get('nobody')).toBeUndefined()
  expect(await ports.registry.updateConfiguration('nobody', { Timeout: 5 })).toBeUndefined()
  expect(await ports.registry.delete('nobody')).toBe(false)
  expect(await ports.events.get('nobody', 'r')).toBeUndefined()
  expect(await ports.deadLetters.list('nobody', 10)).toEqual({ letters: [] })
  expect(await capacity.acquire('nobody', 'pump')).toEqual({ kind: 'noSuchFunction' })
  expect(await ports.logs.read('nothing', { limit: 1 })).toEqual({ kind: 'noSuchGroup' })
  expect(await ports.logRegistry.delete('nothing')).toBe('noSuchGroup')
  expect(await ports.streams.find('nothing')).toBeUndefined()
  expect(await ports.streams.delete('nothing')).toBe('noSuchStream')
  expect(await ports.eventSources.get({ FunctionName: 'f', EventSource: ARN })).toBeUndefined()
  await ports.pumps.wake('none/shardId-000000000000')
  expect(await filesIn(folder.path)).toEqual(before)
  await close(0)
})

test('a stream that is deleted and a mapping that is removed take their files with them', async () => {
  await using folder = await dataFolder()
  const { ports, close } = await openDenoData({ folder: folder.path })
  await ports.registry.upload(draftOf('f'), 'code/f/1.zip')
  await ports.streams.create('clicks', 3)
  const added = await ports.eventSources.add(MAPPING)
  const files = async (kind: string) =>
    (await filesIn(`${folder.path}/actors/${kind}`)).filter((name) => name.endsWith('.db')).length
  await until(async () => (await files('pump')) === 3)
  expect(await files('shard')).toBe(3)
  if (added.kind === 'added') {
    const pair = { FunctionName: 'f', EventSource: ARN }
    expect(await ports.eventSources.remove(pair, added.configuration.UUID)).toBe(true)
  }
  expect(await files('pump')).toBe(0)
  await ports.streams.delete('clicks')
  expect(await filesIn(`${folder.path}/actors/shard`)).toEqual([])
  await close(0)
})

test('all that was stored is there after a restart', async () => {
  await using folder = await dataFolder()
  const before = await openDenoData({ folder: folder.path })
  const record = await before.ports.registry.upload(draftOf('f'), 'code/f/1.zip')
  const zip = new Uint8Array([1, 2, 3])
  await before.ports.code.put('code/f/1.zip', new Blob([zip]).stream(), zip.byteLength)
  await before.ports.streams.create('clicks', 1)
  const user = { userName: 'ann', path: '/', userId: 'AIDA' }
  await before.ports.directory.ask('createUser', user)
  // Nobody waits for it: what is still gathered is written when the gateway closes.
  const entries = [{ timestampMilliseconds: 5, message: 'hello' }]
  void before.logs.append('/aws/lambda/f', { logStreamName: 'stream', entries })
  await before.close(0)

  const { ports, close } = await openDenoData({ folder: folder.path })
  expect(await ports.registry.get('f')).toEqual(record)
  expect(await ports.functions.get('f')).toEqual(record)
  expect((await ports.code.head('code/f/1.zip'))?.size).toBe(3)
  expect(await ports.streams.find('clicks')).toMatchObject({ status: 'ACTIVE', shardCount: 1 })
  expect((await ports.streamIndex.list(10)).streams).toMatchObject([{ streamName: 'clicks' }])
  const ann = await ports.directory.ask('getUser', { userName: 'ann' })
  expect(ann).toMatchObject({ kind: 'done', output: user })
  expect(await ports.logs.read('/aws/lambda/f', { limit: 9 })).toMatchObject({
    events: [{ message: 'hello' }],
  })
  await close(0)
})

test('an event that waits for its next try gets it after a restart, by its stored alarm', async () => {
  await using folder = await dataFolder()
  const failing = scriptedRunner()
  failing.willAnswer(FAILED)
  const variables = { INVOKE_RETRY_DELAYS: '0.5' }
  const before = await openDenoData({ folder: folder.path, variables, runner: failing.runner })
  await before.ports.registry.upload(draftOf('f'), 'code/f/1.zip')
  await before.ports.invocations.send(eventOf('r1'))
  await until(async () => (await before.ports.events.get('f', 'r1'))?.state === 'waiting')
  await before.close(0)

  const succeeding = scriptedRunner()
  succeeding.willAnswer(SUCCEEDED)
  const after = await openDenoData({ folder: folder.path, variables, runner: succeeding.runner })
  // Nobody asks for the function: only its alarm wakes it.
  await until(() => succeeding.started.length === 1)
  expect(succeeding.started).toMatchObject([{ requestId: 'r1', attempt: 2 }])
  await after.close(0)
})

test('what a stopping gateway breaks off is tried anew at once, and is no failure', async () => {
  await using folder = await dataFolder()
  const endless = scriptedRunner()
  const before = await openDenoData({
    folder: folder.path,
    runner: endless.runner,
    onClose: () => endless.finish({ ran: false, reason: 'killed' }),
  })
  await before.ports.registry.upload(draftOf('f'), 'code/f/1.zip')
  await before.ports.invocations.send(eventOf('r1'))
  await until(() => endless.started.length === 1)
  await before.close(10)
  const after = scriptedRunner()
  const again = await openDenoData({ folder: folder.path, runner: after.runner })
  await until(() => after.started.length === 1)
  expect(after.started).toMatchObject([{ requestId: 'r1', attempt: 1 }])
  await again.close(0)
})

test('a batch that ran when the gateway was killed is tried anew at once', async () => {
  await using folder = await dataFolder()
  await using copy = await dataFolder()
  let time = Date.now()
  const now = () => time
  const endless = scriptedRunner()
  const killed = await openDenoData({ folder: folder.path, runner: endless.runner, now })
  const { ports } = killed
  await ports.registry.upload(draftOf('f'), 'code/f/1.zip')
  await ports.streams.create('clicks', 1)
  const { incarnation = '' } = (await ports.streams.find('clicks')) ?? {}
  const shard = { streamName: 'clicks', incarnation, shardIndex: 0 }
  await ports.shards.put(shard, [{ records: 1, bytes: 3, body: '["k","AAAA"]' }])
  await ports.eventSources.add(MAPPING)
  await until(() => endless.started.length === 1)
  await killed.synced()
  await cp(folder.path, copy.path, { recursive: true })

  const after = scriptedRunner()
  const again = await openDenoData({ folder: copy.path, runner: after.runner, now })
  const pause = time + 2000
  await until(() => {
    // The pause after a lost try passes, and nothing of what its lease had left.
    time = Math.min(time + 10, pause)
    return after.started.length === 1
  }, 20_000)
  expect(after.started).toMatchObject([{ attempt: 2 }])
  await again.close(0)
  endless.finish(SUCCEEDED)
  await killed.close(0)
})

test('an inbox that is full leaves events in the queue until it has room, over a restart', async () => {
  await using folder = await dataFolder()
  const held = scriptedRunner()
  const options = { folder: folder.path, maxBacklogBytes: 1000 }
  const before = await openDenoData({ ...options, runner: held.runner })
  await before.ports.registry.upload(draftOf('f'), 'code/f/1.zip')
  const payload = JSON.stringify('é'.repeat(600))
  await before.ports.invocations.send(eventOf('r1', payload))
  await before.ports.invocations.send(eventOf('r2', payload))
  expect(await before.ports.events.get('f', 'r2')).toBeUndefined()
  held.finish(SUCCEEDED)
  await before.close(0)

  const after = scriptedRunner()
  const again = await openDenoData({ ...options, runner: after.runner })
  await until(() => after.started.length === 1)
  expect(after.started).toMatchObject([{ requestId: 'r2', payload }])
  await again.close(0)
})

test('the queue gives an event away when the disk has it in its inbox, and not before', async () => {
  await using folder = await dataFolder()
  const held = scriptedRunner()
  const { ports, synced, close } = await openDenoData({
    folder: folder.path,
    maxBacklogBytes: 1000,
    runner: held.runner,
  })
  await ports.registry.upload(draftOf('f'), 'code/f/1.zip')
  const payload = JSON.stringify('é'.repeat(600))
  await ports.invocations.send(eventOf('r1', payload))
  await ports.invocations.send(eventOf('r2', payload))
  await synced()
  const { sync, letDiskTurn } = heldDisk()
  held.finish(SUCCEEDED)
  await until(() => held.started.length === 2)
  expect(await rowsIn(folder.path, 'queue')).toBe(1)
  letDiskTurn()
  await until(async () => (await rowsIn(folder.path, 'queue')) === 0)
  sync.mockRestore()
  held.finish(SUCCEEDED)
  await close(0)
})

test('a function is published when the disk has it in its own database, and not before', async () => {
  await using folder = await dataFolder()
  const { ports, close } = await openDenoData({ folder: folder.path })
  const { sync, letDiskTurn } = heldDisk()
  const uploading = ports.registry.upload(draftOf('f'), 'code/f/1.zip')
  await until(() => sync.mock.calls.length > 0)
  expect(await rowsIn(folder.path, 'functions')).toBe(0)
  letDiskTurn()
  await uploading
  expect(await rowsIn(folder.path, 'functions')).toBe(1)
  sync.mockRestore()
  await close(0)
})

test('no pump is given records before the disk has them', async () => {
  await using folder = await dataFolder()
  const { ports, close } = await openDenoData({ folder: folder.path })
  await ports.streams.create('clicks', 1)
  const { incarnation = '' } = (await ports.streams.find('clicks')) ?? {}
  const shard = { streamName: 'clicks', incarnation, shardIndex: 0 }
  const { sync, letDiskTurn } = heldDisk()
  const told: string[] = []
  const putting = ports.shards
    .put(shard, [{ records: 1, bytes: 3, body: '["k","AAAA"]' }])
    .then(({ kind }) => told.push(kind))
  const reading = ports.shards
    .read(shard, { kind: 'at', index: 1 }, 1, 100)
    .then((read) => told.push(read.kind === 'packs' ? String(read.packs.length) : read.kind))
  await settled()
  expect(told).toEqual([])
  letDiskTurn()
  await Promise.all([putting, reading])
  expect(told.toSorted()).toEqual(['1', 'stored'])
  sync.mockRestore()
  await close(0)
})

/** How many rows are written, by a copy of `gateway.db`: that itself is locked. */
async function rowsIn(folder: string, table: 'functions' | 'queue'): Promise<number> {
  await using copy = await dataFolder()
  for (const name of ['gateway.db', 'gateway.db-wal']) {
    await copyFile(`${folder}/${name}`, `${copy.path}/${name}`)
  }
  const database = openGatewayDatabase(copy.path, new DiskSync())
  const [row] = database.all(`SELECT COUNT(*) AS count FROM ${table}`)
  database.close()
  return Number(row?.count)
}
