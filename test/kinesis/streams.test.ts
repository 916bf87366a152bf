import { describe, expect, test } from 'vitest'
import { expectKinesisError, kinesisGateway } from '../support/kinesis-gateway.ts'

const NOT_FOUND = 'Stream s under account 000000000000 not found.'
const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s'

const THIRDS = [
  ['0', '113427455640312821154458202477256070484'],
  ['113427455640312821154458202477256070485', '226854911280625642308916404954512140969'],
  ['226854911280625642308916404954512140970', '340282366920938463463374607431768211455'],
]

const SHARDS = THIRDS.map(([StartingHashKey, EndingHashKey], at) => ({
  ShardId: `shardId-00000000000${at}`,
  HashKeyRange: { StartingHashKey, EndingHashKey },
  SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^49\d{54}$/) },
}))

describe('CreateStream', () => {
  test('makes a stream of even shards that takes records at once', async () => {
    const { kinesis, ask, clock, put } = kinesisGateway()
    const created = await kinesis('CreateStream', { StreamName: 's', ShardCount: 3 })
    expect([created.status, await created.text()]).toEqual([200, ''])
    const summary = {
      StreamName: 's',
      StreamARN: ARN,
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      RetentionPeriodHours: 24,
      StreamCreationTimestamp: Math.ceil(clock.now() / 1000 - 1) + (clock.now() % 1000) / 1000,
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: 'NONE',
    }
    expect(await ask('DescribeStream', { StreamName: 's' })).toEqual({
      StreamDescription: { ...summary, Shards: SHARDS, HasMoreShards: false },
    })
    expect(await ask('DescribeStreamSummary', { StreamARN: ARN })).toEqual({
      StreamDescriptionSummary: { ...summary, OpenShardCount: 3, ConsumerCount: 0 },
    })
    expect(await put(['a'])).toMatchObject({ FailedRecordCount: 0 })
  })

  test.each([
    {
      name: 'a stream that is there',
      input: { StreamName: 's', ShardCount: 1 },
      code: 'ResourceInUseException',
      message: 'Stream s under account 000000000000 already exists.',
    },
    {
      name: 'too many shards',
      input: { StreamName: 't', ShardCount: 501 },
      code: 'LimitExceededException',
      message:
        'This request would exceed the shard limit for a stream of the account 000000000000 in us-east-1. Limit: 500. Number of shards that would have resulted from this request: 501.',
    },
    {
      name: 'streams on demand',
      input: { StreamName: 't', ShardCount: 1, StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
      code: 'InvalidArgumentException',
      message: 'This service has streams of the mode PROVISIONED only.',
    },
    {
      name: 'streams on demand, which have no count of shards',
      input: { StreamName: 't', StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
      code: 'InvalidArgumentException',
      message: 'This service has streams of the mode PROVISIONED only.',
    },
  ])('refuses $name', async ({ input, code, message }) => {
    const { kinesis, streamOf, ask } = kinesisGateway()
    await streamOf(1)
    await expectKinesisError(await kinesis('CreateStream', input), code, message, expect)
    expect(await ask('ListStreams')).toMatchObject({ StreamNames: ['s'] })
  })

  test('makes a stream of 500 shards', async () => {
    const { streamOf, ask } = kinesisGateway()
    await streamOf(500)
    const described = await ask('DescribeStreamSummary', { StreamName: 's' })
    expect(described).toMatchObject({ StreamDescriptionSummary: { OpenShardCount: 500 } })
  })
})

describe('DeleteStream', () => {
  test('deletes the stream with its records, and makes room for another', async () => {
    const { kinesis, ask, streamOf, put, iterator, read } = kinesisGateway()
    await streamOf(2)
    await put(['a', 'b', 'c'])
    const old = await iterator('TRIM_HORIZON')
    const deleted = await kinesis('DeleteStream', { StreamName: 's' })
    expect([deleted.status, await deleted.text()]).toEqual([200, ''])
    expect(await ask('ListStreams')).toMatchObject({ StreamNames: [] })
    const one = { PartitionKey: 'a', Data: '' }
    for (const [operation, input] of [
      ['DeleteStream', {}],
      ['DescribeStream', {}],
      ['DescribeStreamSummary', {}],
      ['ListShards', {}],
      ['PutRecord', one],
      ['PutRecords', { Records: [one] }],
    ] as const) {
      const response = await kinesis(operation, { StreamName: 's', ...input })
      await expectKinesisError(response, 'ResourceNotFoundException', NOT_FOUND, expect)
    }
    await streamOf(1)
    expect((await read(await iterator('TRIM_HORIZON'))).Records).toEqual([])
    await expectKinesisError(
      await kinesis('GetRecords', { ShardIterator: old }),
      'ResourceNotFoundException',
      'Shard shardId-000000000000 in stream s under account 000000000000 does not exist',
      expect,
    )
  })
})

describe('shards are listed', () => {
  test('page by page, by DescribeStream and by ListShards', async () => {
    const { ask, streamOf } = kinesisGateway()
    await streamOf(3)
    const first = await ask('DescribeStream', { StreamName: 's', Limit: 2 })
    expect(first).toMatchObject({
      StreamDescription: { Shards: SHARDS.slice(0, 2), HasMoreShards: true },
    })
    const ExclusiveStartShardId = 'shardId-000000000001'
    const rest = await ask('DescribeStream', { StreamName: 's', Limit: 2, ExclusiveStartShardId })
    expect(rest).toMatchObject({
      StreamDescription: { Shards: SHARDS.slice(2), HasMoreShards: false },
    })

    const { NextToken, ...page } = await ask('ListShards', { StreamName: 's', MaxResults: 2 })
    expect(page).toEqual({ Shards: SHARDS.slice(0, 2) })
    expect(await ask('ListShards', { NextToken })).toEqual({ Shards: SHARDS.slice(2) })
    expect(await ask('ListShards', { StreamARN: ARN, ExclusiveStartShardId })).toEqual({
      Shards: SHARDS.slice(2),
    })
    const ShardFilter = { Type: 'AFTER_SHARD_ID', ShardId: 'shardId-000000000000' }
    expect(await ask('ListShards', { StreamName: 's', ShardFilter })).toEqual({
      Shards: SHARDS.slice(1),
    })
  })

  test.each([
    { filter: { Type: 'AT_TRIM_HORIZON' }, expected: SHARDS },
    { filter: { Type: 'FROM_TRIM_HORIZON' }, expected: SHARDS },
    { filter: { Type: 'AT_LATEST' }, expected: SHARDS },
    { filter: { Type: 'FROM_TIMESTAMP', Timestamp: 1 }, expected: SHARDS },
    { filter: { Type: 'AT_TIMESTAMP', Timestamp: 1 }, expected: [] },
    { filter: { Type: 'AT_TIMESTAMP', Timestamp: 2e9 }, expected: SHARDS },
    { filter: { Type: 'AT_TIMESTAMP', Timestamp: 1420569035.841 }, expected: SHARDS },
    { filter: { Type: 'AT_TIMESTAMP', Timestamp: 1420569035.84 }, expected: [] },
    { filter: { Type: 'AT_LATEST', ShardId: null, Timestamp: null }, expected: SHARDS },
  ])('by $filter', async ({ filter, expected }) => {
    const { ask, streamOf } = kinesisGateway()
    await streamOf(3)
    const listed = await ask('ListShards', { StreamName: 's', ShardFilter: filter })
    expect(listed).toEqual({ Shards: expected })
  })

  test.each([
    {
      input: { StreamName: 's', ShardFilter: { Type: 'AFTER_SHARD_ID' } },
      message: 'ShardId must be supplied in a ShardFilter with a Type of AFTER_SHARD_ID',
    },
    ...['AT_TIMESTAMP', 'FROM_TIMESTAMP'].map((Type) => ({
      input: { StreamName: 's', ShardFilter: { Type } },
      message:
        'Timestamp must be supplied in a ShardFilter with a Type of FROM_TIMESTAMP or AT_TIMESTAMP',
    })),
    { input: {}, message: 'Either NextToken or StreamName should be provided.' },
    {
      input: { StreamName: 's', NextToken: 'x' },
      message: 'NextToken and StreamName cannot be provided together.',
    },
    { input: { NextToken: 'x' }, message: 'Invalid NextToken.' },
  ])('but not by $input', async ({ input, message }) => {
    const { kinesis, streamOf } = kinesisGateway()
    await streamOf(1)
    const response = await kinesis('ListShards', input)
    await expectKinesisError(response, 'InvalidArgumentException', message, expect)
  })
})

describe('ListStreams', () => {
  test('lists by name, from a name or a token on', async () => {
    const { ask, streamOf, clock } = kinesisGateway()
    for (const name of ['c', 'a', 'd', 'b']) await streamOf(1, name)
    const all = await ask('ListStreams')
    expect(all).toMatchObject({ StreamNames: ['a', 'b', 'c', 'd'], HasMoreStreams: false })
    expect(all).not.toHaveProperty('NextToken')
    expect(all.StreamSummaries).toContainEqual({
      StreamName: 'a',
      StreamARN: ARN.replace(/s$/, 'a'),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      StreamCreationTimestamp: clock.now() / 1000,
    })
    for (const Limit of [1, 2, 3, 4, 5]) {
      for (const way of ['NextToken', 'ExclusiveStartStreamName']) {
        const seen: string[] = []
        let input: object = {}
        let hasMore = true
        while (hasMore) {
          const page = await ask('ListStreams', { Limit, ...input })
          const names = page.StreamNames as string[]
          expect(names.length).toBeLessThanOrEqual(Limit)
          seen.push(...names)
          hasMore = page.HasMoreStreams as boolean
          const last = names.at(-1)
          input = way === 'NextToken' ? { NextToken: page.NextToken } : { [way]: last }
        }
        expect(seen).toEqual(['a', 'b', 'c', 'd'])
      }
    }
  })

  test.each([1, 2])(
    'goes on by token from a name, %i at a time, as paginators do',
    async (Limit) => {
      const { ask, streamOf } = kinesisGateway()
      for (const name of ['c', 'a', 'd', 'b']) await streamOf(1, name)
      const seen: string[] = []
      let NextToken: unknown
      do {
        // botocore sends again what it was given, with the token besides.
        const input = { ExclusiveStartStreamName: 'a', Limit, NextToken }
        const page = await ask('ListStreams', input)
        seen.push(...(page.StreamNames as string[]))
        NextToken = page.NextToken
        expect(NextToken !== undefined).toBe(page.HasMoreStreams)
      } while (NextToken !== undefined)
      expect(seen).toEqual(['b', 'c', 'd'])
    },
  )

  test('refuses a token of somebody else’s', async () => {
    const response = await kinesisGateway().kinesis('ListStreams', { NextToken: 'x' })
    await expectKinesisError(response, 'InvalidArgumentException', 'Invalid NextToken.', expect)
  })
})

describe('a stream is meant by its ARN as well', () => {
  test.each([
    { StreamARN: ARN.replace('us-east-1', 'eu-west-1') },
    { StreamARN: ARN.replace('000000000000', '000000000001') },
  ])('but not by %j', async ({ StreamARN }) => {
    const { kinesis, streamOf } = kinesisGateway()
    await streamOf(1)
    const response = await kinesis('DescribeStream', { StreamARN })
    await expectKinesisError(response, 'ResourceNotFoundException', NOT_FOUND, expect)
  })

  test('and not by a name besides that is another one', async () => {
    const { kinesis, streamOf } = kinesisGateway()
    await streamOf(1)
    const response = await kinesis('DescribeStream', { StreamName: 't', StreamARN: ARN })
    await expectKinesisError(response, 'InvalidArgumentException', /same stream/, expect)
  })
})

test('requests are signed for Kinesis, and for no other service', async () => {
  const { call } = kinesisGateway()
  const signed = { 'x-amz-target': 'Kinesis_20131202.ListStreams' }
  const response = await call('POST', '/', '{}', { service: 'lambda', signed })
  const message = "Credential should be scoped to correct service: 'kinesis'."
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({ __type: 'InvalidSignatureException', message })
})
