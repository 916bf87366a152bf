import { afterAll, beforeAll, expect, test } from 'vitest'
import { startKinesalite, type Kinesalite } from '../support/kinesalite.ts'
import { startGateway, until, type LocalGateway } from '../support/local-gateway.ts'
import {
  createStream,
  kinesisAt,
  look,
  numbered,
  putTexts,
  streamClient,
} from '../support/stream-client.ts'
import { startWitness, type Witness } from '../support/witness.ts'

// Streams of another Kinesis feed functions on a real workerd.

let witness: Witness
let kinesalite: Kinesalite
let gateway: LocalGateway
let client: ReturnType<typeof streamClient>
let kinesis: ReturnType<typeof kinesisAt>

beforeAll(async () => {
  witness = await startWitness()
  kinesalite = await startKinesalite()
  gateway = await startGateway({
    variables: {
      FUNCTION_OUTBOUND: `public,127.0.0.1:${witness.port}`,
      KINESIS_ENDPOINT: kinesalite.url,
      KINESIS_ACCESS_KEY_ID: 'theirs',
      KINESIS_SECRET_ACCESS_KEY: 'theirs',
    },
  })
  client = streamClient(gateway.url, witness)
  kinesis = kinesisAt(kinesalite.url)
})

afterAll(async () => {
  await gateway.stop()
  await kinesalite.stop()
  await witness.stop()
})

test('two functions each get all of 10,000 records of 4 shards, once and in order', async () => {
  const texts = numbered(10_000)
  await createStream(kinesis, 'many', 4)
  for (const name of ['one', 'two']) {
    await client.upload(name)
    await client.add(name, 'many', { BatchSize: 100 })
  }
  await putTexts(kinesis, 'many', texts)
  for (const name of ['one', 'two']) {
    await until(() => look(client.batchesOf(name), 100).texts.size === texts.length)
    const { records, faults } = look(client.batchesOf(name), 100)
    expect({ records, faults }).toEqual({ records: texts.length, faults: [] })
  }
})

test('shards that are split and merged meanwhile: parents are read to their end first', async () => {
  await createStream(kinesis, 'resharded', 2)
  await client.upload('reader')
  const UUID = await client.add('reader', 'resharded', { BatchSize: 7 })
  const StreamName = 'resharded'
  const shards = async () => {
    await until(async () => {
      const { StreamDescription } = await kinesis.describeStream({ StreamName }).promise()
      return StreamDescription.StreamStatus === 'ACTIVE'
    })
    return (await kinesis.describeStream({ StreamName }).promise()).StreamDescription.Shards
  }
  const rounds = ['a', 'b', 'c'].map((round) => numbered(300, round))
  await putTexts(kinesis, StreamName, rounds[0] ?? [])
  const [first, second] = await shards()
  const middle = String(2n ** 126n)
  await kinesis
    .splitShard({ StreamName, ShardToSplit: first?.ShardId ?? '', NewStartingHashKey: middle })
    .promise()
  const [, , left, right] = await shards()
  await putTexts(kinesis, StreamName, rounds[1] ?? [])
  await kinesis
    .mergeShards({
      StreamName,
      ShardToMerge: right?.ShardId ?? '',
      AdjacentShardToMerge: second?.ShardId ?? '',
    })
    .promise()
  expect(await shards()).toHaveLength(5)
  await putTexts(kinesis, StreamName, rounds[2] ?? [])
  await until(() => look(client.batchesOf('reader'), 7).texts.size === 900)
  const { records, faults } = look(client.batchesOf('reader'), 7)
  expect({ records, faults }).toEqual({ records: 900, faults: [] })
  expect(await client.status(UUID)).toBe('OK')

  // Nothing of a child before the last of its parents.
  const order = client.batchesOf('reader').map((batch) => batch[0]?.[0].split(':')[0] ?? '')
  const merged = (await shards())[4]?.ShardId ?? ''
  const isBefore = (parent: string, child: string) =>
    order.lastIndexOf(parent) < order.indexOf(child) || !order.includes(child)
  expect(isBefore(first?.ShardId ?? '', left?.ShardId ?? '')).toBe(true)
  expect(isBefore(first?.ShardId ?? '', right?.ShardId ?? '')).toBe(true)
  expect(isBefore(second?.ShardId ?? '', merged)).toBe(true)
  expect(isBefore(right?.ShardId ?? '', merged)).toBe(true)
})

test('LATEST leaves out what was there; a stream that is unknown is refused', async () => {
  await createStream(kinesis, 'late', 1)
  await client.upload('latecomer')
  await putTexts(kinesis, 'late', ['before'])
  const Parameters = { InitialPositionInStream: 'LATEST' }
  await client.add('latecomer', 'late', { Parameters })
  await putTexts(kinesis, 'late', ['after'])
  await until(() => client.batchesOf('latecomer').length > 0)
  expect(client.batchesOf('latecomer').map((batch) => batch.map(([, text]) => text))).toEqual([
    ['after'],
  ])
  await expect(client.add('latecomer', 'nowhere')).rejects.toMatchObject({
    code: 'InvalidParameterValueException',
    message: 'Stream not found: arn:aws:kinesis:us-east-1:000000000000:stream/nowhere',
  })
})
