import { describe, expect, test } from 'vitest'
import { expectError } from '../support/expect-error.ts'
import { ROLE } from '../support/memory-gateway.ts'
import type { Wire } from '../support/wire.ts'

const PATH = '/2014-11-13/event-source-mappings/'
const UNKNOWN = '00000000-0000-4000-8000-000000000000'

export const streamArn = (name: string) => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`

interface Mapping {
  UUID: string
  EventSource: string
  FunctionName: string
  [member: string]: unknown
}

const draft = (more: object = {}) => ({
  EventSource: streamArn('clicks'),
  FunctionName: 'fed',
  Role: ROLE,
  ...more,
})

async function add(wire: Wire, more: object = {}): Promise<Mapping> {
  const response = await wire.call('POST', PATH, JSON.stringify(draft(more)))
  expect(response.status).toBe(200)
  return (await response.json()) as Mapping
}

async function list(wire: Wire, query: Record<string, string> = {}) {
  const response = await wire.call('GET', `${PATH}?${new URLSearchParams(query).toString()}`)
  expect(response.status).toBe(200)
  return (await response.json()) as { EventSources: Mapping[]; NextMarker?: string }
}

const violation = (value: string, at: string, rule: string) =>
  `1 validation error detected: Value ${value} at '${at}' failed to satisfy constraint: ${rule}`

const REFUSED: { name: string; body: object; text: string | RegExp }[] = [
  {
    name: 'no function of that name',
    body: draft({ FunctionName: 'nobody' }),
    text: 'Function does not exist',
  },
  {
    name: 'no stream of that name',
    body: draft({ EventSource: streamArn('nowhere') }),
    text: `Stream not found: ${streamArn('nowhere')}`,
  },
  {
    name: 'an ARN that is no stream’s',
    body: draft({ EventSource: 'arn:aws:dynamodb:us-east-1:000000000000:table/t' }),
    text: 'Unrecognized event source.',
  },
  { name: 'no ARN', body: draft({ EventSource: 'clicks' }), text: 'Unrecognized event source.' },
  {
    name: 'no EventSource',
    body: draft({ EventSource: undefined }),
    text: violation('null', 'eventSource', 'Member must not be null'),
  },
  {
    name: 'a stream of another account',
    body: draft({ EventSource: 'arn:aws:kinesis:us-east-1:123456789012:stream/clicks' }),
    text: 'Stream not found: arn:aws:kinesis:us-east-1:123456789012:stream/clicks',
  },
  {
    name: 'a bad function name',
    body: draft({ FunctionName: 'a b' }),
    text: violation(
      "'a b'",
      'functionName',
      'Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+',
    ),
  },
  { name: 'no role', body: draft({ Role: undefined }), text: /'role' failed .* must not be null/ },
  { name: 'a bad role', body: draft({ Role: 'worker' }), text: /'worker' at 'role' failed/ },
  {
    name: 'BatchSize 0',
    body: draft({ BatchSize: 0 }),
    text: violation("'0'", 'batchSize', 'Member must have value greater than or equal to 1'),
  },
  {
    name: 'BatchSize 10001',
    body: draft({ BatchSize: 10_001 }),
    text: violation("'10001'", 'batchSize', 'Member must have value less than or equal to 10000'),
  },
  { name: 'BatchSize 1.5', body: draft({ BatchSize: 1.5 }), text: /must be a whole number/ },
  {
    name: 'a huge BatchSize, by one fault',
    body: draft({ BatchSize: 1e20 }),
    text: violation(
      "'100000000000000000000'",
      'batchSize',
      'Member must have value less than or equal to 10000',
    ),
  },
  {
    name: 'half a record, by one fault',
    body: draft({ BatchSize: 0.5 }),
    text: violation("'0.5'", 'batchSize', 'Member must be a whole number'),
  },
  {
    name: 'an unknown position',
    body: draft({ Parameters: { InitialPositionInStream: 'AT_TIMESTAMP' } }),
    text: /Member must satisfy enum value set: \[TRIM_HORIZON, LATEST\]/,
  },
  {
    name: 'an unknown parameter',
    body: draft({ Parameters: { StartingPosition: 'LATEST' } }),
    text: /Member must satisfy enum value set: \[InitialPositionInStream\]/,
  },
  {
    name: 'an unknown parameter that nests without end',
    body: draft({ Parameters: { x: nested(1000) } }),
    text: violation(
      `'{x=${'{a='.repeat(7)}…${'}'.repeat(8)}'`,
      'parameters',
      'Map keys must satisfy constraint: [Member must satisfy enum value set: [InitialPositionInStream]]',
    ),
  },
]

function nested(depth: number): object {
  return depth === 0 ? {} : { a: nested(depth - 1) }
}

const NUMBER = 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber'

/** What the framework of Amazon's services says of a member that is of a wrong type. */
const OF_WRONG_TYPE = [
  { member: { EventSource: 5 }, text: `${NUMBER} can not be converted to an String` },
  { member: { FunctionName: 5 }, text: `${NUMBER} can not be converted to an String` },
  { member: { FunctionName: ['fed'] }, text: 'Start of list found where not expected' },
  {
    member: { Role: true, BatchSize: 0 },
    text: 'class java.lang.Boolean can not be converted to an String',
  },
  {
    member: { BatchSize: '5' },
    text: 'class java.lang.String can not be converted to an Integer',
  },
  { member: { BatchSize: {} }, text: 'Start of structure or map found where not expected.' },
  { member: { Parameters: 'LATEST' }, text: 'Expected null' },
  { member: { Parameters: [] }, text: 'Start of list found where not expected' },
  {
    member: { Parameters: { InitialPositionInStream: 5 } },
    text: `${NUMBER} can not be converted to an String`,
  },
]

/** A function `fed`, the streams `clicks` and `views`, and no mappings. */
async function furnished(wire: Wire): Promise<Wire> {
  for (const { UUID } of (await list(wire)).EventSources) await wire.call('DELETE', PATH + UUID)
  for (const StreamName of ['clicks', 'views']) {
    const signed = {
      'x-amz-target': 'Kinesis_20131202.CreateStream',
      'content-type': 'application/x-amz-json-1.1',
    }
    const body = JSON.stringify({ StreamName, ShardCount: 1 })
    // It may be there already.
    await wire.call('POST', '/', body, { service: 'kinesis', signed })
  }
  await wire.upload('fed')
  return wire
}

/** The four event source operations. */
export function eventSourceRows(platform: string, emptied: () => Promise<Wire>): void {
  const fresh = async () => furnished(await emptied())

  describe(`AddEventSource on ${platform}`, () => {
    test('answers the mapping with every default', async () => {
      expect(await add(await fresh())).toEqual({
        UUID: expect.stringMatching(/^[0-9a-f-]{36}$/),
        BatchSize: 100,
        EventSource: streamArn('clicks'),
        FunctionName: 'fed',
        Parameters: { InitialPositionInStream: 'TRIM_HORIZON' },
        Role: ROLE,
        LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
        IsActive: true,
        Status: 'PENDING',
      })
    })

    test('answers what was given, and the default of what was left empty', async () => {
      const wire = await fresh()
      const Parameters = { InitialPositionInStream: 'LATEST' }
      expect(await add(wire, { BatchSize: 10_000, Parameters })).toMatchObject({
        BatchSize: 10_000,
        Parameters,
      })
    })

    test('takes members that are null or empty for members that are not there', async () => {
      const wire = await fresh()
      expect(await add(wire, { BatchSize: null, Parameters: {} })).toMatchObject({
        BatchSize: 100,
        Parameters: { InitialPositionInStream: 'TRIM_HORIZON' },
      })
    })

    test('changes the mapping of a pair that is mapped, and makes no second', async () => {
      const wire = await fresh()
      const first = await add(wire)
      const Role = 'arn:aws:iam::000000000000:role/other'
      const Parameters = { InitialPositionInStream: 'LATEST' }
      const second = await add(wire, { BatchSize: 7, Role, Parameters })
      // Where it reads was decided when it was mapped.
      expect(second).toMatchObject({
        ...first,
        BatchSize: 7,
        Role,
        LastModified: second.LastModified,
      })
      expect((await list(wire)).EventSources).toHaveLength(1)
    })

    test.each(REFUSED)('refuses $name, and maps nothing', async ({ body, text }) => {
      const wire = await fresh()
      const response = await wire.call('POST', PATH, JSON.stringify(body))
      const expected = { status: 400, member: 'message' as const, text }
      await expectError(response, 'InvalidParameterValueException', expected, expect)
      expect((await list(wire)).EventSources).toEqual([])
    })

    test.each(OF_WRONG_TYPE)('refuses the type of $member', async ({ member, text }) => {
      const { call } = await fresh()
      const response = await call('POST', PATH, JSON.stringify(draft(member)))
      const expected = { status: 400, member: 'Message' as const, text }
      await expectError(response, 'SerializationException', expected, expect)
    })

    test.each(['{', '[]', '"x"', 'null'])('refuses the body %s', async (body) => {
      const { call } = await fresh()
      const text = 'The request body must be a JSON object'
      const expected = { status: 400, member: 'Message' as const, text }
      await expectError(await call('POST', PATH, body), 'SerializationException', expected, expect)
    })

    test('takes an empty body for one without members', async () => {
      const { call } = await fresh()
      const response = await call('POST', PATH)
      expect(await response.json()).toMatchObject({
        message: expect.stringContaining('3 validation errors detected'),
      })
    })
  })

  describe(`GetEventSource and RemoveEventSource on ${platform}`, () => {
    test('answer the mapping, and let it go', async () => {
      const wire = await fresh()
      const { UUID, EventSource, FunctionName } = await add(wire)
      const got = await wire.call('GET', PATH + UUID)
      expect(await got.json()).toMatchObject({ UUID, EventSource, FunctionName })
      const removed = await wire.call('DELETE', `${PATH}${UUID}/`)
      expect(removed.status).toBe(204)
      expect(await removed.text()).toBe('')
      const expected = {
        status: 404,
        member: 'Message' as const,
        text: 'The resource you requested does not exist.',
      }
      for (const method of ['GET', 'DELETE']) {
        const response = await wire.call(method, PATH + UUID)
        await expectError(response, 'ResourceNotFoundException', expected, expect)
      }
      expect((await list(wire)).EventSources).toEqual([])
      expect((await add(wire)).UUID).not.toBe(UUID)
    })

    test.each([UNKNOWN, 'x', '%2F', UNKNOWN.replaceAll('0', 'Z'), 'a'.repeat(1000)])(
      'answer 404 for %s',
      async (UUID) => {
        const { call } = await fresh()
        for (const method of ['GET', 'DELETE']) {
          const response = await call(method, PATH + UUID)
          expect([method, response.status]).toEqual([method, 404])
        }
      },
    )

    test.each(['PUT', 'POST', 'PATCH'])('know no %s', async (method) => {
      const { call } = await fresh()
      expect((await call(method, PATH + UNKNOWN, '{}')).status).toBe(405)
    })
  })

  describe(`ListEventSources on ${platform}`, () => {
    async function withMappings(): Promise<Wire> {
      const wire = await fresh()
      await wire.upload('fed-2')
      await add(wire)
      await add(wire, { EventSource: streamArn('views') })
      await add(wire, { FunctionName: 'fed-2' })
      return wire
    }
    const pairs = ({ EventSources }: { EventSources: Mapping[] }) =>
      EventSources.map((one) => `${one.FunctionName} ${one.EventSource.split('/')[1] ?? ''}`).sort()

    test.each([
      { query: {}, found: ['fed clicks', 'fed views', 'fed-2 clicks'] },
      { query: { FunctionName: 'fed' }, found: ['fed clicks', 'fed views'] },
      { query: { EventSource: streamArn('clicks') }, found: ['fed clicks', 'fed-2 clicks'] },
      {
        query: { EventSource: streamArn('clicks'), FunctionName: 'fed-2' },
        found: ['fed-2 clicks'],
      },
      { query: { FunctionName: 'fe' }, found: [] },
      { query: { EventSource: streamArn('click') }, found: [] },
      { query: { EventSource: streamArn('clicks/fed') }, found: [] },
      { query: { EventSource: 'nonsense' }, found: [] },
      { query: { EventSource: '' }, found: [] },
      { query: { EventSourceArn: 'ignored' }, found: ['fed clicks', 'fed views', 'fed-2 clicks'] },
    ])('by $query', async ({ query, found }) => {
      const wire = await withMappings()
      expect(pairs(await list(wire, query))).toEqual(found)
    })

    test('in pages, whose markers are good for their own filter alone', async () => {
      const wire = await withMappings()
      const first = await list(wire, { MaxItems: '2' })
      const Marker = first.NextMarker ?? ''
      const second = await list(wire, { MaxItems: '2', Marker })
      expect(pairs({ EventSources: [...first.EventSources, ...second.EventSources] })).toEqual([
        'fed clicks',
        'fed views',
        'fed-2 clicks',
      ])
      expect(second).not.toHaveProperty('NextMarker')
      for (const query of [{ Marker, FunctionName: 'fed' }, { Marker: 'x' }]) {
        const path = `${PATH}?${new URLSearchParams(query).toString()}`
        expect((await wire.call('GET', path)).status).toBe(400)
      }
    })

    test.each(['0', '-1', '10001', 'x', '1.5', ''])('refuses MaxItems %s', async (MaxItems) => {
      const { call } = await fresh()
      expect((await call('GET', `${PATH}?MaxItems=${MaxItems}`)).status).toBe(400)
    })
  })
}
