import { describe, expect, test } from 'vitest'
import { expectKinesisError, kinesisGateway } from '../support/kinesis-gateway.ts'

const FIRST = 'shardId-000000000000'
const DAY = 24 * 60 * 60 * 1000
const KEYS = 2n ** 128n

describe('PutRecords', () => {
  test('puts each record into the shard of its hash key, in order', async () => {
    const { ask, streamOf, read, iterator } = kinesisGateway()
    await streamOf(3)
    // kinesalite's test, whose answer is the real service's.
    const third = KEYS / 3n
    const explicit = [KEYS - 1n, third * 2n - 1n, third * 2n].map((key) => ({
      PartitionKey: 'a',
      Data: '',
      ExplicitHashKey: String(key),
    }))
    const named = ['a', 'b', 'e', 'f'].map((PartitionKey) => ({
      PartitionKey,
      Data: btoa(PartitionKey),
    }))
    const answer = await ask<{ FailedRecordCount: number; Records: { ShardId: string }[] }>(
      'PutRecords',
      { StreamName: 's', Records: [...named, ...explicit] },
    )
    expect(answer.FailedRecordCount).toBe(0)
    const shards = answer.Records.map(({ ShardId }) => Number(ShardId.slice(-1)))
    expect(shards).toEqual([0, 1, 2, 1, 2, 1, 2])
    const second = await iterator('TRIM_HORIZON', { ShardId: 'shardId-000000000001' })
    const { Records } = await read(second)
    expect(Records.map((record) => record.Data)).toEqual([btoa('b'), btoa('f'), ''])
  })

  test.each([
    {
      name: 'a hash key that is too large',
      records: [
        { PartitionKey: 'a', Data: '' },
        { PartitionKey: 'a', Data: '', ExplicitHashKey: String(KEYS) },
      ],
      message: `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${KEYS}`,
    },
    {
      name: 'more than 5 MB',
      records: Array.from({ length: 5 }, () => ({
        PartitionKey: 'a',
        Data: Buffer.alloc(1024 * 1024).toString('base64'),
      })),
      message: 'Records size exceeds 5 MB limit',
    },
  ])('refuses $name, and stores nothing', async ({ records, message }) => {
    const { kinesis, streamOf, read, iterator } = kinesisGateway()
    await streamOf(1)
    const response = await kinesis('PutRecords', { StreamName: 's', Records: records })
    await expectKinesisError(response, 'InvalidArgumentException', message, expect)
    expect((await read(await iterator('TRIM_HORIZON'))).Records).toEqual([])
  })

  test('tells for each record when a shard is full, and stores those of others', async () => {
    const { streamOf, put, kinesis, ask } = kinesisGateway({ maxShardBytes: 10 })
    await streamOf(2)
    // `a` is of the first shard, `b` and `e` of the second.
    expect(await put(['b', 'b', 'b', 'b'])).toMatchObject({ FailedRecordCount: 0 })
    const both = await put(['a', 'e', 'e', 'a'])
    expect(both.FailedRecordCount).toBe(2)
    const refused = {
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage:
        'Rate exceeded for shard shardId-000000000001 in stream s under account 000000000000.',
    }
    const stored = { ShardId: FIRST, SequenceNumber: expect.any(String) }
    expect(both.Records).toEqual([stored, refused, refused, stored])
    const one = { StreamName: 's', PartitionKey: 'b', Data: btoa('bb') }
    const response = await kinesis('PutRecord', one)
    await expectKinesisError(response, refused.ErrorCode, refused.ErrorMessage, expect)
    expect(await ask('PutRecord', { ...one, Data: btoa('b') })).toHaveProperty('ShardId')
  })

  test('a full shard takes records again when the old ones have expired', async () => {
    const { streamOf, put, clock } = kinesisGateway({ maxShardBytes: 10 })
    await streamOf(1)
    await put(['a', 'b', 'c', 'd', 'e'])
    expect(await put(['f'])).toMatchObject({ FailedRecordCount: 1 })
    clock.advance(DAY + 1)
    expect(await put(['f'])).toMatchObject({ FailedRecordCount: 0 })
  })

  test('sends one ticket for each shard that somebody waits for', async () => {
    const { streamOf, put, ports, tickets } = kinesisGateway()
    await streamOf(3)
    await ports.streamReader.subscribe('s', FIRST, 'p0', true)
    await ports.streamReader.subscribe('s', FIRST, 'p1', true)
    await ports.streamReader.subscribe('s', 'shardId-000000000001', 'p2', true)
    await put(['e'])
    expect(tickets).toEqual([])
    await put(['a', 'a', 'b', 'e', 'f'])
    expect(tickets.toSorted()).toEqual([['p0', 'p1'], ['p2']])
  })

  test('is not hindered by a ticket that cannot be sent', async () => {
    const { streamOf, put, ports } = kinesisGateway()
    await streamOf(1)
    await ports.streamReader.subscribe('s', FIRST, 'p', true)
    ports.streamWakes.send = () => Promise.reject(new Error('no queue'))
    expect(await put(['a'])).toMatchObject({ FailedRecordCount: 0 })
  })

  test('answers for a shard that cannot be asked, and stores the records of others', async () => {
    const { streamOf, put, ports, kinesis } = kinesisGateway()
    await streamOf(2)
    const working = ports.shards.put
    ports.shards.put = (shard, packs) =>
      shard.shardIndex === 0 ? Promise.reject(new Error('lost')) : working(shard, packs)
    const { FailedRecordCount, Records } = await put(['a', 'b'])
    expect(FailedRecordCount).toBe(1)
    expect(Records).toEqual([
      { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal service failure.' },
      { ShardId: 'shardId-000000000001', SequenceNumber: expect.any(String) },
    ])
    const response = await kinesis('PutRecord', { StreamName: 's', PartitionKey: 'a', Data: '' })
    expect(response.status).toBe(500)
  })

  test('finds the stream anew that was deleted and made again behind its back', async () => {
    const { streamOf, put, ports, iterator, read } = kinesisGateway()
    await streamOf(2)
    await put(['a'])
    await ports.streams.delete('s')
    await ports.streams.create('s', 1)
    expect(await put(['a', 'b'])).toMatchObject({ FailedRecordCount: 0 })
    const { Records } = await read(await iterator('TRIM_HORIZON'))
    expect(Records.map((record) => record.PartitionKey)).toEqual(['a', 'b'])
  })
})

describe('PutRecord', () => {
  test('puts one record behind all others', async () => {
    const { ask, streamOf, put, read, iterator } = kinesisGateway()
    await streamOf(1)
    const [first] = (await put(['a'])).Records
    const answer = await ask<{ SequenceNumber: string }>('PutRecord', {
      StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/s',
      PartitionKey: 'b',
      Data: 'Yg==',
      SequenceNumberForOrdering: first?.SequenceNumber,
    })
    expect(answer).toEqual({ ShardId: FIRST, SequenceNumber: expect.stringMatching(/^49\d{54}$/) })
    expect(answer.SequenceNumber > (first?.SequenceNumber ?? '')).toBe(true)
    expect((await read(await iterator('TRIM_HORIZON'))).Records).toHaveLength(2)
  })

  test('refuses SequenceNumberForOrdering that is nobody’s', async () => {
    const { kinesis, streamOf } = kinesisGateway()
    await streamOf(1)
    const number = String(BigInt('0x20000000000800000000000000000000000000000000002'))
    const input = {
      StreamName: 's',
      PartitionKey: 'a',
      Data: '',
      SequenceNumberForOrdering: number,
    }
    await expectKinesisError(
      await kinesis('PutRecord', input),
      'InvalidArgumentException',
      `ExclusiveMinimumSequenceNumber ${number} used in PutRecord on stream s under account 000000000000 is invalid.`,
      expect,
    )
  })
})

describe('a shard iterator', () => {
  test('stands at each of the five places', async () => {
    const { streamOf, put, iterator, read, clock } = kinesisGateway()
    await streamOf(1)
    clock.advance(1000)
    const [a, b] = (await put(['a', 'b'])).Records
    clock.advance(1000)
    const [c] = (await put(['c'])).Records
    const at = (seconds: number) => ({ Timestamp: clock.now() / 1000 + seconds })
    const number = (record?: { SequenceNumber: string }) => ({
      StartingSequenceNumber: record?.SequenceNumber,
    })
    const latest = await iterator('LATEST')
    await put(['d'])
    const keys = async (one: string) =>
      (await read(one)).Records.map((record) => record.PartitionKey).join('')
    expect(await keys(latest)).toBe('d')
    expect(await keys(await iterator('TRIM_HORIZON'))).toBe('abcd')
    expect(await keys(await iterator('AT_SEQUENCE_NUMBER', number(a)))).toBe('abcd')
    expect(await keys(await iterator('AT_SEQUENCE_NUMBER', number(b)))).toBe('bcd')
    expect(await keys(await iterator('AFTER_SEQUENCE_NUMBER', number(b)))).toBe('cd')
    expect(await keys(await iterator('AFTER_SEQUENCE_NUMBER', number(c)))).toBe('d')
    expect(await keys(await iterator('AT_TIMESTAMP', at(-3)))).toBe('abcd')
    expect(await keys(await iterator('AT_TIMESTAMP', at(-1)))).toBe('abcd')
    expect(await keys(await iterator('AT_TIMESTAMP', at(-0.999)))).toBe('cd')
    expect(await keys(await iterator('AT_TIMESTAMP', at(0)))).toBe('cd')
    const soon = await iterator('AT_TIMESTAMP', at(0))
    clock.advance(1)
    const none = await iterator('AT_TIMESTAMP', at(0))
    await put(['e'])
    expect(await keys(none)).toBe('e')
    expect(await keys(soon)).toBe('cde')
    // As loosely as Kinesis takes a shard's id.
    expect(await keys(await iterator('TRIM_HORIZON', { ShardId: 'x-0' }))).toBe('abcde')
  })

  const EITHER =
    'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified '
  const other = String(BigInt('0x20000000000000000000000000000000000000000000012'))
  const foreign = String(BigInt('0x20000000000000000000000000000000000000000000002'))
  const broken = String(BigInt('0x20000000000800000000000000000000000000000000002'))
  const used = (number: string) =>
    `StartingSequenceNumber ${number} used in GetShardIterator on shard ${FIRST} in stream s under account 000000000000 is invalid`

  test.each([
    {
      input: { ShardId: '2147483648' },
      code: 'ResourceNotFoundException',
      message: 'Could not find shard 2147483648 in stream s under account 000000000000.',
    },
    {
      input: { ShardId: 'ABKLFD8' },
      code: 'ResourceNotFoundException',
      message: 'Could not find shard ABKLFD8 in stream s under account 000000000000.',
    },
    {
      input: { ShardId: 'a-00002147483647' },
      code: 'ResourceNotFoundException',
      message: 'Shard shardId-002147483647 in stream s under account 000000000000 does not exist',
    },
    {
      input: { StreamName: 'none' },
      code: 'ResourceNotFoundException',
      message: `Shard ${FIRST} in stream none under account 000000000000 does not exist`,
    },
    {
      input: { ShardIteratorType: 'AT_SEQUENCE_NUMBER' },
      message: `${EITHER}AT_SEQUENCE_NUMBER and no StartingSequenceNumber.`,
    },
    {
      input: { ShardIteratorType: 'LATEST', StartingSequenceNumber: '5' },
      message: `${EITHER}LATEST and also a StartingSequenceNumber.`,
    },
    {
      input: { ShardIteratorType: 'TRIM_HORIZON', StartingSequenceNumber: '5' },
      message: `${EITHER}TRIM_HORIZON and also a StartingSequenceNumber.`,
    },
    {
      input: { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: other },
      message: `Invalid StartingSequenceNumber. It encodes shardId-000000000001, while it was used in a call to a shard with ${FIRST}`,
    },
    {
      input: { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: foreign },
      message: `${used(foreign)} because it did not come from this stream.`,
    },
    {
      input: { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: broken },
      message: `${used(broken)}.`,
    },
    {
      input: { ShardIteratorType: 'AT_TIMESTAMP' },
      message:
        'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    },
    {
      input: { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: 2e9 },
      message: `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: 2000000000000, currentTimestampInMillis: ${Date.parse('2015-01-06T18:30:35.841Z')}`,
    },
  ])('is refused for $input', async ({ input, code = 'InvalidArgumentException', message }) => {
    const { kinesis, streamOf } = kinesisGateway()
    await streamOf(1)
    const valid = { StreamName: 's', ShardId: FIRST, ShardIteratorType: 'LATEST' }
    const response = await kinesis('GetShardIterator', { ...valid, ...input })
    await expectKinesisError(response, code, message, expect)
  })

  test('expires after five minutes', async () => {
    const { kinesis, streamOf, iterator, clock, read } = kinesisGateway()
    await streamOf(1)
    const ShardIterator = await iterator('LATEST')
    clock.advance(300_000)
    expect((await read(ShardIterator)).Records).toEqual([])
    clock.advance(1)
    await expectKinesisError(
      await kinesis('GetRecords', { ShardIterator }),
      'ExpiredIteratorException',
      'Iterator expired. The iterator was created at time Tue Jan 06 18:30:35 UTC 2015 while right now it is Tue Jan 06 18:35:35 UTC 2015 which is further in the future than the tolerated delay of 300000 milliseconds.',
      expect,
    )
  })

  test('is sealed', async () => {
    const { kinesis, streamOf, iterator } = kinesisGateway()
    await streamOf(1)
    const real = await iterator('LATEST')
    for (const ShardIterator of ['x', `${real}A`, real.slice(1), real.replace(/.$/, '!')]) {
      const response = await kinesis('GetRecords', { ShardIterator })
      await expectKinesisError(
        response,
        'InvalidArgumentException',
        'Invalid ShardIterator.',
        expect,
      )
    }
  })

  test('is at most 512 characters long', async () => {
    const { streamOf, iterator } = kinesisGateway()
    const StreamName = 'x'.repeat(128)
    await streamOf(500, StreamName)
    const one = await iterator('LATEST', { StreamName, ShardId: 'shardId-000000000499' })
    expect(one.length).toBeLessThanOrEqual(400)
  })
})

describe('GetRecords', () => {
  test('answers records as they were put, and how far behind they are', async () => {
    const { streamOf, put, iterator, read, clock } = kinesisGateway()
    await streamOf(1)
    const { Records } = await put(['a', 'b'])
    const arrived = clock.now() / 1000
    clock.advance(5000)
    await put(['c'])
    const first = await read(await iterator('TRIM_HORIZON'), 1)
    expect(first).toEqual({
      MillisBehindLatest: 5000,
      NextShardIterator: expect.any(String),
      Records: [
        {
          ApproximateArrivalTimestamp: arrived,
          Data: btoa('a'),
          PartitionKey: 'a',
          SequenceNumber: Records[0]?.SequenceNumber,
        },
      ],
    })
    const rest = await read(first.NextShardIterator)
    expect(rest.Records.map((record) => record.PartitionKey)).toEqual(['b', 'c'])
    expect(rest.MillisBehindLatest).toBe(0)
    expect(await read(rest.NextShardIterator)).toMatchObject({ Records: [], MillisBehindLatest: 0 })
  })

  test('answers at most 10 MB', async () => {
    const { ask, streamOf, iterator, read } = kinesisGateway()
    await streamOf(1)
    const Data = Buffer.alloc(1024 * 1024 - 1, 'x').toString('base64')
    for (let n = 0; n < 12; n++) {
      await ask('PutRecord', { StreamName: 's', PartitionKey: 'a', Data })
    }
    const first = await read(await iterator('TRIM_HORIZON'))
    expect(first.Records).toHaveLength(10)
    expect((await read(first.NextShardIterator)).Records).toHaveLength(2)
  })

  test('skips what has expired, and alarms delete it', async () => {
    const { streamOf, put, iterator, read, clock, fireAlarms, nextAlarmAtMilliseconds } =
      kinesisGateway()
    await streamOf(1)
    await put(['a'])
    clock.advance(1000)
    await put(['b'])
    const oldest = await iterator('TRIM_HORIZON')
    clock.advance(DAY - 1000 - 290_000)
    const kept = await iterator('TRIM_HORIZON')
    clock.advance(290_000)
    const keys = async () => (await read(kept)).Records.map((record) => record.PartitionKey)
    expect(await keys()).toEqual(['a', 'b'])
    clock.advance(1)
    expect(await keys()).toEqual(['b'])
    clock.advance(1000)
    expect(await keys()).toEqual([])
    expect(oldest).not.toBe(kept)
    for (let alarms = 0; nextAlarmAtMilliseconds() < Infinity; alarms++) {
      if (alarms > 5) throw new Error('alarms for nothing')
      clock.advance(nextAlarmAtMilliseconds() - clock.now())
      await fireAlarms()
    }
    const [c] = (await put(['c'])).Records
    const { Records } = await read(await iterator('TRIM_HORIZON'))
    expect(Records.map((record) => record.SequenceNumber)).toEqual([c?.SequenceNumber])
  })
})
