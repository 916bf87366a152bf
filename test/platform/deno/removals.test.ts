import { cp } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { draftOf } from '../../contracts/function-actor.ts'
import { dataFolder, openDenoData, type DataFolder } from '../../support/deno-data.ts'
import { emptyKinesis } from '../../support/empty-kinesis.ts'
import { heldDisk } from '../../support/held-disk.ts'
import { until } from '../../support/local-gateway.ts'
import { settled } from '../../support/scripted-runner.ts'

// An actor that goes takes its file with it, which no transaction brings back.

/** As a kill now would leave it: what is not committed is not in its files. */
async function killed(folder: DataFolder): Promise<DataFolder> {
  const copy = await dataFolder()
  await cp(folder.path, copy.path, { recursive: true })
  return copy
}

test('a stream stays whole until the disk has it that it goes, also over a kill', async () => {
  await using folder = await dataFolder()
  const before = await openDenoData({ folder: folder.path })
  await before.ports.streams.create('clicks', 2)
  const { incarnation = '' } = (await before.ports.streams.find('clicks')) ?? {}
  await before.synced()
  const { sync, letDiskTurn } = heldDisk()
  const deleting = before.ports.streams.delete('clicks')
  await settled()
  expect(await before.ports.streams.find('clicks')).toMatchObject({ status: 'DELETING' })
  await using copy = await killed(folder)
  letDiskTurn()
  expect(await deleting).toBe('deleted')
  sync.mockRestore()
  await before.close(0)

  const { ports, close } = await openDenoData({ folder: copy.path })
  expect(await ports.streams.find('clicks')).toMatchObject({ status: 'ACTIVE' })
  const pack = { records: 1, bytes: 5, body: '["k","YQ=="]' }
  for (const shardIndex of [0, 1]) {
    const put = await ports.shards.put({ streamName: 'clicks', incarnation, shardIndex }, [pack])
    expect(put.kind).toBe('stored')
  }
  await close(0)
})

test('a mapping goes on until the disk has it that it goes, also over a kill', async () => {
  await using kinesis = await emptyKinesis()
  await using folder = await dataFolder()
  const variables = {
    KINESIS_ENDPOINT: kinesis.url,
    KINESIS_ACCESS_KEY_ID: 'key',
    KINESIS_SECRET_ACCESS_KEY: 'secret',
  }
  const pair = {
    FunctionName: 'f',
    EventSource: 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks',
  }
  const before = await openDenoData({ folder: folder.path, variables })
  await before.ports.registry.upload(draftOf('f'), 'code/f/1.zip')
  const added = await before.ports.eventSources.add({
    ...pair,
    Role: 'arn:aws:iam::000000000000:role/lambda',
    BatchSize: 10,
    Parameters: { InitialPositionInStream: 'TRIM_HORIZON' },
  })
  if (added.kind !== 'added') throw new Error(added.kind)
  await until(() => kinesis.reads() > 0)
  await before.synced()
  const { sync, letDiskTurn } = heldDisk()
  const removing = before.ports.eventSources.remove(pair, added.configuration.UUID)
  await settled()
  expect(await before.ports.eventSources.get(pair)).toBeUndefined()
  await using copy = await killed(folder)
  letDiskTurn()
  expect(await removing).toBe(true)
  sync.mockRestore()
  await before.close(0)

  const readBefore = kinesis.reads()
  const { ports, close } = await openDenoData({ folder: copy.path, variables })
  expect(await ports.eventSources.get(pair)).toEqual(added.configuration)
  await until(() => kinesis.reads() > readBefore)
  await close(0)
})
