import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import AWS from 'aws-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { functionClient } from '../support/function-client.ts'
import { startGateway, type LocalGateway } from '../support/local-gateway.ts'
import { zipOf } from '../support/memory-gateway.ts'

// Streams with AWS SDK for JavaScript v2 and boto3, on a real workerd that is killed in between.

const run = promisify(execFile)
const PYTHON = '/usr/bin/python3'
const whyNot = await run(PYTHON, ['-c', 'import boto3']).then(
  () => undefined,
  () => `${PYTHON} has no boto3: apt-get install python3-boto3`,
)

let folder: string
let gateway: LocalGateway
let kinesis: AWS.Kinesis

async function start(): Promise<void> {
  gateway = await startGateway({ persistTo: folder })
  kinesis = new AWS.Kinesis({
    endpoint: gateway.url,
    region: 'us-east-1',
    apiVersion: '2013-12-02',
    accessKeyId: 'local',
    secretAccessKey: 'local',
    maxRetries: 0,
  })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-kinesis-'))
  await start()
})

afterAll(async () => {
  await gateway.stop()
  await rm(folder, { recursive: true, force: true })
})

async function createStream(StreamName: string, ShardCount: number): Promise<void> {
  await kinesis.createStream({ StreamName, ShardCount }).promise()
  await kinesis.waitFor('streamExists', { StreamName }).promise()
}

async function put(StreamName: string, texts: string[]): Promise<string[]> {
  const Records = texts.map((text) => ({ PartitionKey: text, Data: text }))
  const answer = await kinesis.putRecords({ StreamName, Records }).promise()
  expect(answer.FailedRecordCount).toBe(0)
  return answer.Records.map((record) => record.SequenceNumber ?? '')
}

/** All texts of a shard, by so many in a call. */
async function read(StreamName: string, shard = 0, Limit = 1000): Promise<string[]> {
  const ShardId = `shardId-${String(shard).padStart(12, '0')}`
  const place = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }
  let { ShardIterator = '' } = await kinesis.getShardIterator(place).promise()
  const texts: string[] = []
  for (;;) {
    const page = await kinesis.getRecords({ ShardIterator, Limit }).promise()
    texts.push(...page.Records.map((record) => (record.Data as Buffer).toString()))
    if (page.Records.length === 0) return texts
    ShardIterator = page.NextShardIterator ?? ''
  }
}

const texts = (prefix: string, length: number) => Array.from({ length }, (_, n) => `${prefix}${n}`)

describe('AWS SDK v2', () => {
  test('makes, fills, reads, lists and deletes streams', async () => {
    await createStream('sdk', 2)
    const all = texts('text ', 500)
    await put('sdk', all)
    const shards = [await read('sdk', 0, 99), await read('sdk', 1, 99)]
    expect(shards.flat().sort()).toEqual(all.toSorted())
    for (const shard of shards) {
      expect(shard).toEqual(all.filter((text) => shard.includes(text)))
      expect(shard.length).toBeGreaterThan(150)
    }
    const { StreamNames } = await kinesis.listStreams().promise()
    expect(StreamNames).toContain('sdk')
    const { Shards = [] } = await kinesis.listShards({ StreamName: 'sdk' }).promise()
    expect(Shards).toHaveLength(2)
    await kinesis.deleteStream({ StreamName: 'sdk' }).promise()
    await kinesis.waitFor('streamNotExists', { StreamName: 'sdk' }).promise()
    await expect(put('sdk', ['x'])).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      statusCode: 400,
      message: 'Stream sdk under account 000000000000 not found.',
    })
  })

  test('puts a megabyte, and five of them at once', async () => {
    await createStream('large', 1)
    const Data = Buffer.alloc(1024 * 1024 - 1, 'x')
    const Records = Array.from({ length: 5 }, () => ({ PartitionKey: 'a', Data }))
    const put5 = await kinesis.putRecords({ StreamName: 'large', Records }).promise()
    expect(put5.FailedRecordCount).toBe(0)
    const sizes = (await read('large')).map((text) => text.length)
    expect(sizes).toEqual([Data, Data, Data, Data, Data].map((data) => data.length))
  })
})

test('a function puts records into a stream by Amazon’s own host name', async () => {
  await createStream('by-function', 1)
  const functions = functionClient(gateway)
  const source = `var AWS = require('aws-sdk');
    exports.handler = function (event, context) {
      new AWS.Kinesis({ accessKeyId: 'local', secretAccessKey: 'local' })
        .putRecord({ StreamName: 'by-function', PartitionKey: 'a', Data: event.text }, context.done);
    };`
  await functions.upload('producer', zipOf({ 'index.js': source }), { Timeout: '10' })
  expect(await functions.run('producer', { text: 'hello' })).toEqual([])
  expect(await read('by-function')).toEqual(['hello'])
})

test('records and their order outlive the server, which never gives a number again', async () => {
  await createStream('durable', 1)
  const before = await put('durable', texts('before ', 250))
  await gateway.stop('SIGKILL')
  await start()
  const after = await put('durable', texts('after ', 250))
  const numbers = [...before, ...after]
  expect(numbers).toEqual(numbers.toSorted())
  expect(new Set(numbers).size).toBe(500)
  expect(await read('durable')).toEqual([...texts('before ', 250), ...texts('after ', 250)])
}, 60_000)

test('boto3 finds everything as it is in Kinesis', async ({ skip }) => {
  skip(whyNot !== undefined, whyNot)
  // The script ends with 1 at a difference, and this rejects with all that it printed.
  const { stdout } = await run(PYTHON, ['test/clients/boto3_kinesis.py', gateway.url])
  expect(stdout).toMatch(/\n0 differences\n$/)
  expect(stdout.match(/^ok /gm)?.length).toBeGreaterThan(30)
}, 60_000)
