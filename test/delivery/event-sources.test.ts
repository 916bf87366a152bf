import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { EventSourceConfiguration } from '../../src/aws/event-source-configuration.ts'
import type { Invocation } from '../../src/ports/function-runner.ts'
import type { Pumps } from '../../src/ports/pumps.ts'
import { ROLE, memoryGateway } from '../support/memory-gateway.ts'
import { FAILED, SUCCEEDED, settled } from '../support/scripted-runner.ts'
import { streamArn } from '../wire/event-sources.ts'

// Records on their way to functions, on a clock that the test moves and with functions that end
// when the test says so.

const PATH = '/2014-11-13/event-source-mappings/'
const HOUR_MILLISECONDS = 60 * 60 * 1000
const READ_ALL = { limit: 100 }

interface EventRecord {
  eventID: string
  kinesis: { data: string; sequenceNumber: string }
}

const recordsOf = ({ payload }: Invocation) =>
  (JSON.parse(payload) as { Records: EventRecord[] }).Records
const dataOf = (invocation: Invocation | undefined) =>
  invocation === undefined
    ? []
    : recordsOf(invocation).map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString())

/** A gateway with a function `fed` and a stream `clicks`. */
async function fedBy(shardCount: number, variables: Record<string, string> = {}) {
  const gateway = memoryGateway({ variables })
  const { call, clock, script, kinesis } = gateway
  await gateway.upload('fed')
  await kinesis('CreateStream', { StreamName: 'clicks', ShardCount: shardCount })

  /** Lets everything happen that can happen now. */
  async function rest() {
    for (let i = 0; i < 20; i += 1) await settled()
  }

  return {
    ...gateway,
    rest,
    async add(more: object = {}) {
      const body = { EventSource: streamArn('clicks'), FunctionName: 'fed', Role: ROLE, ...more }
      const response = await call('POST', PATH, JSON.stringify(body))
      await rest()
      return (await response.json()) as EventSourceConfiguration
    },
    async remove(UUID: string) {
      const { status } = await call('DELETE', PATH + UUID)
      await rest()
      return status
    },
    async status(UUID: string) {
      const response = await call('GET', PATH + UUID)
      return ((await response.json()) as EventSourceConfiguration).Status
    },
    /** Each into the shard of that number. */
    async put(...data: (string | [text: string, shard: number])[]) {
      const Records = data.map((one) => {
        const [text, shard] = typeof one === 'string' ? [one, 0] : one
        const hashKey = (2n ** 128n * BigInt(shard)) / BigInt(shardCount)
        const Data = Buffer.from(text).toString('base64')
        return { Data, PartitionKey: 'key', ExplicitHashKey: String(hashKey) }
      })
      await kinesis('PutRecords', { StreamName: 'clicks', Records })
      await rest()
    },
    async finish(result = SUCCEEDED) {
      script.finish(result)
      await rest()
    },
    async pass(milliseconds: number) {
      clock.advance(milliseconds)
      await gateway.fireAlarms()
      await rest()
    },
    last: () => script.started.at(-1),
    /** What each invocation so far brought. */
    brought: () => script.started.map(dataOf),
  }
}

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
afterEach(() => void vi.restoreAllMocks())

describe('the event', () => {
  test('is what functions of 2014 received', async () => {
    const { add, put, last } = await fedBy(1)
    await add()
    await put('Hello')
    const { sequenceNumber } = recordsOf(last() as Invocation)[0]?.kinesis ?? {}
    expect(sequenceNumber).toMatch(/^49\d{54}$/)
    expect(JSON.parse(last()?.payload ?? '')).toEqual({
      Records: [
        {
          kinesis: {
            partitionKey: 'key',
            kinesisSchemaVersion: '1.0',
            data: 'SGVsbG8=',
            sequenceNumber,
          },
          eventSource: 'aws:kinesis',
          eventID: `shardId-000000000000:${sequenceNumber ?? ''}`,
          invokeIdentityArn: ROLE,
          eventVersion: '1.0',
          eventName: 'aws:kinesis:record',
          eventSourceARN: streamArn('clicks'),
          awsRegion: 'us-east-1',
        },
      ],
    })
  })
})

describe('a shard', () => {
  test('is read in order, one batch at a time, each of at most BatchSize', async () => {
    const { add, put, finish, brought } = await fedBy(1)
    await put('1', '2', '3', '4', '5')
    await add({ BatchSize: 2 })
    expect(brought()).toEqual([['1', '2']])
    await put('6')
    expect(brought()).toEqual([['1', '2']])
    for (let i = 0; i < 3; i += 1) await finish()
    expect(brought()).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ])
  })

  test('makes no event above 6 MB', async () => {
    const { add, put, finish, script } = await fedBy(1)
    const megabyte = 'x'.repeat(1_000_000)
    for (let i = 0; i < 6; i += 1) await put(megabyte)
    await add()
    for (let i = 0; i < 2; i += 1) await finish()
    expect(script.started.map((one) => recordsOf(one).length)).toEqual([4, 2])
    for (const { payload } of script.started) expect(payload.length).toBeLessThan(6 * 1024 * 1024)
  })

  test('that fails gets the same batch again, later and later, until it succeeds', async () => {
    const { add, put, finish, pass, status, script, last, brought } = await fedBy(1)
    const { UUID } = await add({ BatchSize: 2 })
    expect(await status(UUID)).toBe('PENDING')
    await put('1', '2')
    const { sequenceNumber } = recordsOf(last() as Invocation)[0]?.kinesis ?? {}
    for (const [i, delaySeconds] of [1, 2, 4, 8, 16, 30, 30].entries()) {
      await finish(FAILED)
      await put('later')
      expect(await status(UUID)).toBe(
        `PROBLEM:shardId-000000000000: attempt ${i + 1} at sequence number ${sequenceNumber ?? ''}: nope`,
      )
      await pass(delaySeconds * 1000 - 1)
      expect(script.started).toHaveLength(i + 1)
      await pass(1)
      expect(script.started).toHaveLength(i + 2)
      expect(dataOf(last())).toEqual(['1', '2'])
    }
    expect(new Set(script.started.map((one) => one.requestId)).size).toBe(1)
    await finish()
    expect(await status(UUID)).toBe('OK')
    expect(brought().at(-1)).toEqual(['later', 'later'])
  })

  test('that fails keeps no other shard waiting', async () => {
    const { add, put, finish, status, brought } = await fedBy(2)
    const { UUID } = await add()
    await put(['poison', 0])
    await put(['fine', 1])
    await finish(FAILED)
    await finish()
    await put(['more', 1])
    expect(brought()).toEqual([['poison'], ['fine'], ['more']])
    await finish()
    expect(await status(UUID)).toMatch(/^PROBLEM:shardId-000000000000: attempt 1 at /)
  })

  test('whose records expire while it fails goes on with those that did not', async () => {
    const { add, put, finish, pass, status, brought, ports } = await fedBy(1)
    const { UUID } = await add()
    await put('old')
    await finish(FAILED)
    await pass(23 * HOUR_MILLISECONDS)
    await put('young')
    await finish(FAILED)
    await pass(2 * HOUR_MILLISECONDS)
    expect(brought().at(-1)).toEqual(['young'])
    await finish()
    expect(await status(UUID)).toBe('OK')
    const { letters } = await ports.deadLetters.list('fed', 10)
    expect(letters).toMatchObject([{ reason: expect.stringMatching(/^1 of 1 records from 49\d+/) }])
    expect(JSON.parse(letters[0]?.payload ?? '')).toMatchObject({
      KinesisBatchInfo: { shardId: 'shardId-000000000000', batchSize: 1 },
    })
    const log = await ports.logs.read('/aws/lambda/fed', READ_ALL)
    expect(log).toMatchObject({
      events: [{ message: expect.stringContaining('Records given up: 1 of 1 records from') }],
    })
  })

  test('whose ticket was lost is looked at by alarm', async () => {
    const { add, put, pass, ports, script } = await fedBy(1)
    await add()
    ports.streamWakes.send = () => Promise.reject(new Error('no queue'))
    await put('1')
    expect(script.started).toHaveLength(0)
    await pass(20_000)
    expect(script.started).toHaveLength(1)
  })
})

describe('where a mapping begins', () => {
  test('TRIM_HORIZON: with everything that there is', async () => {
    const { add, put, brought } = await fedBy(1)
    await put('before')
    await add()
    expect(brought()).toEqual([['before']])
  })

  test('LATEST: with what comes after', async () => {
    const { add, put, pass, brought } = await fedBy(1)
    await put('before')
    await add({ Parameters: { InitialPositionInStream: 'LATEST' } })
    await pass(20_000)
    expect(brought()).toEqual([])
    await put('after')
    expect(brought()).toEqual([['after']])
  })

  test('removed and added again: anew, under another UUID', async () => {
    const { add, put, finish, remove, brought } = await fedBy(1)
    const { UUID } = await add()
    await put('1')
    await finish()
    await remove(UUID)
    expect((await add()).UUID).not.toBe(UUID)
    expect(brought()).toEqual([['1'], ['1']])
  })

  test('added twice: no change', async () => {
    const { add, put, finish, brought } = await fedBy(1)
    await add()
    await put('1')
    await finish()
    await add({ BatchSize: 1 })
    await put('2', '3')
    expect(brought()).toEqual([['1'], ['2']])
  })
})

describe('a mapping that is removed', () => {
  test('begins no batch any more, and leaves no alarm', async () => {
    const { add, put, remove, finish, pass, script, nextAlarmAtMilliseconds } = await fedBy(2)
    const { UUID } = await add()
    await put('1')
    await remove(UUID)
    await put('2')
    await finish()
    await pass(HOUR_MILLISECONDS)
    expect(script.started).toHaveLength(1)
    await pass(25 * HOUR_MILLISECONDS)
    await pass(HOUR_MILLISECONDS)
    expect(nextAlarmAtMilliseconds()).toBe(Infinity)
  })

  test('while its function fails is gone as well', async () => {
    const { add, put, remove, finish, pass, script } = await fedBy(1)
    const { UUID } = await add()
    await put('1')
    await finish(FAILED)
    await remove(UUID)
    await pass(HOUR_MILLISECONDS)
    expect(script.started).toHaveLength(1)
  })
})

describe('a mapping whose pump cannot be told that it is removed', () => {
  test('is not removed before a second try reaches the pump, and begins no batch then', async () => {
    const { add, put, pass, remove, ports, brought } = await fedBy(1)
    const { UUID } = await add()
    // What requests see of the port is less than there is of it.
    const pumps = ports.pumps as Pumps
    const { stop } = pumps
    pumps.stop = () => Promise.reject(new Error('Network connection lost'))
    expect(await remove(UUID)).toBe(500)
    expect(await remove(UUID)).toBe(500)
    pumps.stop = stop
    expect(await remove(UUID)).toBe(204)
    await put('too late')
    await pass(HOUR_MILLISECONDS)
    expect(brought()).toEqual([])
    expect(await remove(UUID)).toBe(404)
  })
})

describe('what a mapping needs', () => {
  test('its function: deleted, that is told; uploaded again, it goes on', async () => {
    const { add, put, rest, call, upload, finish, status, brought } = await fedBy(1)
    const { UUID } = await add()
    await call('DELETE', '/2014-11-13/functions/fed')
    const missing = 'PROBLEM:Function not found: arn:aws:lambda:us-east-1:000000000000:function:fed'
    expect(await status(UUID)).toBe(missing)
    await put('1')
    expect(await status(UUID)).toBe(missing)
    await upload('fed')
    await rest()
    await finish()
    expect(brought()).toEqual([['1']])
    expect(await status(UUID)).toBe('OK')
  })

  test('its stream: deleted, that is told; made again, it goes on', async () => {
    const { add, put, pass, kinesis, finish, status, brought } = await fedBy(1)
    const { UUID } = await add()
    await put('1')
    await finish()
    await kinesis('DeleteStream', { StreamName: 'clicks' })
    await pass(20_000)
    await pass(20_000)
    expect(await status(UUID)).toBe('PROBLEM:Stream not found')
    await kinesis('CreateStream', { StreamName: 'clicks', ShardCount: 1 })
    await put('2')
    await pass(20_000)
    await finish()
    expect(brought()).toEqual([['1'], ['2']])
    expect(await status(UUID)).toBe('OK')
  })

  test('its stream: made again with fewer shards, and then with as many, it reads them all', async () => {
    const { add, put, pass, kinesis, finish, brought } = await fedBy(2)
    await add()
    await put(['1', 1])
    await finish()
    for (const ShardCount of [1, 2]) {
      await kinesis('DeleteStream', { StreamName: 'clicks' })
      await kinesis('CreateStream', { StreamName: 'clicks', ShardCount })
      await pass(HOUR_MILLISECONDS)
    }
    await put(['2', 1])
    expect(brought()).toEqual([['1'], ['2']])
  })

  test('the function as it is at each try, and one that is repaired is tried at once', async () => {
    const { add, put, rest, upload, finish, last, script } = await fedBy(1)
    await add()
    await put('1')
    await finish(FAILED)
    await upload('fed', { Description: 'fixed' })
    await rest()
    expect(script.started).toHaveLength(2)
    expect(last()?.record.configuration.Description).toBe('fixed')
  })
})

describe('the concurrency of a function', () => {
  test('is shared fairly by 200 shards: none is fed again before all were', async () => {
    const shards = Array.from({ length: 200 }, (_, shard) => shard)
    const { add, put, finish, script } = await fedBy(200, { FUNCTION_CONCURRENCY: '3' })
    await add({ BatchSize: 1 })
    for (let round = 0; round < 2; round += 1) {
      await put(...shards.map((shard): [string, number] => [String(shard), shard]))
    }
    while (script.started.length < 400) await finish()
    const order = script.started.map((one) => dataOf(one).join())
    expect(new Set(order.slice(0, 203)).size).toBe(200)
    expect(new Set(order.slice(200)).size).toBe(200)
  })

  test('is shared between its shards, those first that waited longest, and its events', async () => {
    const { add, put, call, rest, finish, script } = await fedBy(3, { FUNCTION_CONCURRENCY: '1' })
    await add({ BatchSize: 1 })
    await put(['a1', 0], ['a2', 0])
    await put(['b1', 1], ['b2', 1])
    await put(['c1', 2])
    for (let i = 0; i < 2; i += 1) {
      await call('POST', '/2014-11-13/functions/fed/invoke-async/', '5')
    }
    await rest()
    for (let i = 0; i < 7; i += 1) await finish()
    const order = script.started.map((one) => (one.payload === '5' ? 'event' : dataOf(one).join()))
    expect(order.filter((one) => one !== 'event')).toEqual(['a1', 'b1', 'c1', 'a2', 'b2'])
    expect(order.slice(0, 5).filter((one) => one === 'event')).toHaveLength(2)
  })
})
