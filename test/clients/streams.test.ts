import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

// Streams of the gateway's own feed functions on a real workerd, by the SDK of the time.

let witness: Witness
let gateway: LocalGateway
let client: ReturnType<typeof streamClient>
let kinesis: ReturnType<typeof kinesisAt>

const variables = () => ({ FUNCTION_OUTBOUND: `public,127.0.0.1:${witness.port}` })

beforeAll(async () => {
  witness = await startWitness()
  gateway = await startGateway({ variables: variables() })
  client = streamClient(gateway.url, witness)
  kinesis = kinesisAt(gateway.url)
})

afterAll(async () => {
  await gateway.stop()
  await witness.stop()
})

const run = promisify(execFile)
const credentials = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' }
const env = { ...process.env, ...credentials, AWS_DEFAULT_REGION: 'us-east-1' }
const works = (command: string, args: string[]) =>
  run(command, args).then(
    () => true,
    () => false,
  )
const PYTHON = '/usr/bin/python3'
const hasBoto3 = await works(PYTHON, ['-c', 'import boto3'])
const hasCli = await works('aws', ['--version'])

const BY_BOTO3 = `
import boto3, sys
kinesis = boto3.client('kinesis', endpoint_url=sys.argv[1])
for at in range(0, int(sys.argv[3]), 500):
    records = [{'Data': str(at + i), 'PartitionKey': 'key-%d' % (i % 97)} for i in range(500)]
    assert kinesis.put_records(StreamName=sys.argv[2], Records=records)['FailedRecordCount'] == 0
`

async function putByCli(stream: string, texts: string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'records-'))
  try {
    for (let at = 0; at < texts.length; at += 500) {
      const batch = texts.slice(at, at + 500).map((text, i) => ({
        Data: Buffer.from(text).toString('base64'),
        PartitionKey: `key-${i % 97}`,
      }))
      await writeFile(join(folder, 'records.json'), JSON.stringify(batch))
      const records = ['--records', `file://${join(folder, 'records.json')}`]
      const command = ['kinesis', 'put-records', '--stream-name', stream, ...records]
      await run('aws', ['--endpoint-url', gateway.url, ...command], { env, maxBuffer: 2 ** 24 })
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const PUTTERS: {
  by: string
  count: number
  isHere: boolean
  put: (stream: string, texts: string[]) => Promise<unknown>
}[] = [
  {
    by: 'aws-sdk',
    count: 10_000,
    isHere: true,
    put: (stream, texts) => putTexts(kinesis, stream, texts),
  },
  {
    by: 'boto3',
    count: 10_000,
    isHere: hasBoto3,
    put: (stream, texts) =>
      run(PYTHON, ['-c', BY_BOTO3, gateway.url, stream, String(texts.length)], { env }),
  },
  { by: 'aws-cli', count: 1000, isHere: hasCli, put: putByCli },
]

test.for(PUTTERS)(
  'two functions each get all of $count records that $by put into 4 shards, once and in order',
  async ({ by, count, isHere, put }, { skip }) => {
    skip(!isHere, `${by} is not on this machine`)
    const texts = numbered(count)
    const names = [`one-${by}`, `two-${by}`]
    await createStream(kinesis, by, 4)
    for (const name of names) {
      await client.upload(name)
      await client.add(name, by, { BatchSize: 100 })
    }
    await put(by, texts)
    for (const name of names) {
      await until(() => look(client.batchesOf(name), 100).texts.size === texts.length)
      const { records, faults } = look(client.batchesOf(name), 100)
      expect({ records, faults }).toEqual({ records: texts.length, faults: [] })
    }
  },
)

test('a poison record blocks its shard, is told in Status, and is drained by a fixed upload', async () => {
  await createStream(kinesis, 'poisoned', 4)
  await client.upload('picky', 'poison')
  const UUID = await client.add('picky', 'poisoned', { BatchSize: 10 })
  const texts = numbered(200)
  await putTexts(kinesis, 'poisoned', [...texts.slice(0, 50), 'poison', ...texts.slice(50)])
  await until(async () => (await client.status(UUID)).startsWith('PROBLEM'))
  expect(await client.status(UUID)).toMatch(
    /^PROBLEM:shardId-\d{12}: attempt \d+ at sequence number 49\d{54}: poisoned$/,
  )
  const [refused = []] = client.batchesOf('refused/picky')
  const blocked = refused[0]?.[0].split(':')[0] ?? ''
  const others = () => {
    const shards = client.batchesOf('picky').map(([record]) => record?.[0].split(':')[0])
    return new Set(shards.filter((shard) => shard !== blocked))
  }
  await until(() => others().size === 3)
  // The same records each time, and nothing of its shard after them.
  await until(() => client.batchesOf('refused/picky').length >= 3)
  for (const batch of client.batchesOf('refused/picky')) expect(batch).toEqual(refused)
  await client.upload('picky')
  await until(async () => (await client.status(UUID)) === 'OK')
  await until(() => look(client.batchesOf('picky'), 10).texts.size === texts.length + 1)
  expect(look(client.batchesOf('picky'), 10).faults).toEqual([])
})

test('LATEST leaves out what was there; a removed mapping brings nothing more', async () => {
  await createStream(kinesis, 'late', 1)
  await client.upload('latecomer')
  await putTexts(kinesis, 'late', ['before'])
  const Parameters = { InitialPositionInStream: 'LATEST' }
  const UUID = await client.add('latecomer', 'late', { Parameters })
  await putTexts(kinesis, 'late', ['after'])
  await until(() => client.batchesOf('latecomer').length > 0)
  await client.call('removeEventSource', { UUID })
  await expect(client.status(UUID)).rejects.toMatchObject({ code: 'ResourceNotFoundException' })
  await putTexts(kinesis, 'late', ['too late'])
  await client.add('latecomer', 'late')
  await until(() => look(client.batchesOf('latecomer'), 100).texts.has('too late'))
  const texts = client.batchesOf('latecomer').map((batch) => batch.map(([, text]) => text))
  expect(texts).toEqual([['after'], ['before', 'after', 'too late']])
})

describe('a gateway that is killed in the middle', () => {
  test('and started again loses no record and keeps the order', async () => {
    const persistTo = await mkdtemp(join(tmpdir(), 'killed-'))
    const texts = numbered(6000)
    let server = await startGateway({ variables: variables(), persistTo })
    try {
      const mine = streamClient(server.url, witness)
      await createStream(kinesisAt(server.url), 'fragile', 4)
      // The witness holds each batch until it is released, so one of each shard is in flight.
      await mine.upload('hold')
      await mine.add('hold', 'fragile', { BatchSize: 50 })
      await putTexts(kinesisAt(server.url), 'fragile', texts)
      await until(() => {
        witness.release()
        return mine.batchesOf('hold').length > 20
      })
      await server.stop('SIGKILL')
      expect(look(mine.batchesOf('hold'), 50).texts.size).toBeLessThan(texts.length)
      server = await startGateway({ variables: variables(), persistTo })
      await until(() => {
        witness.release()
        return look(mine.batchesOf('hold'), 50).texts.size === texts.length
      })
      expect(look(mine.batchesOf('hold'), 50).faults).toEqual([])
    } finally {
      await server.stop()
      await rm(persistTo, { recursive: true, force: true })
    }
  })
})
