import { describe, expect, test } from 'vitest'
import { ROLE, uploadQuery, zipOf } from '../support/memory-gateway.ts'
import {
  NAME_PATTERN,
  NOT_NULL,
  WHOLE,
  atLeast,
  atMost,
  expectViolations,
  matching,
} from '../support/violations.ts'
import { namesIn, type Wire } from '../support/wire.ts'

// The constraints of the model on what UploadFunction and UpdateFunctionConfiguration take in the
// query, a row each. Where the two revisions of the model differ, the union of both is accepted.

const FUNCTIONS = '/2014-11-13/functions'
const ROLE_PATTERN = matching(String.raw`arn:aws:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`)
const HANDLER_PATTERN = matching(String.raw`[a-zA-Z0-9./\-_]+`)

/** What UploadFunction and UpdateFunctionConfiguration take in the query, valid and not. */
const SHARED_PARAMETERS: {
  parameter: string
  member: string
  accepted: string[]
  refused: [value: string, ...constraints: string[]][]
}[] = [
  {
    parameter: 'Role',
    member: 'role',
    accepted: [
      ROLE,
      'arn:aws:iam::123456789012:role/path/to/name',
      'arn:aws:iam::123456789012:rolename',
      'arn:aws:iam::123456789012:role/a+b=c,d.e@f-g_h',
    ],
    refused: [
      ['worker', ROLE_PATTERN],
      ['', ROLE_PATTERN],
      ['arn:aws:iam::12345678901:role/x', ROLE_PATTERN],
      ['arn:aws:iam::123456789012:user/x', ROLE_PATTERN],
      ['arn:aws:iam::123456789012:role', ROLE_PATTERN],
      ['arn:aws:iam::123456789012:role/a b', ROLE_PATTERN],
      [`${ROLE}\n`, ROLE_PATTERN],
      [` ${ROLE}`, ROLE_PATTERN],
      ['arn:aws:iam::１２３４５６７８９０１２:role/x', ROLE_PATTERN],
    ],
  },
  {
    parameter: 'Handler',
    member: 'handler',
    accepted: ['index.handler', './index.handler', 'index.some_Name-1'],
    refused: [
      ['', HANDLER_PATTERN],
      ['index handler', HANDLER_PATTERN],
      ['index.handlér', HANDLER_PATTERN],
      ['index.handler\n', HANDLER_PATTERN],
      ['index\0.handler', HANDLER_PATTERN],
    ],
  },
  {
    parameter: 'Description',
    member: 'description',
    accepted: ['', ' ', 'x'.repeat(256), '😀'.repeat(128), 'line\nline', '+&=%?#/', "it's"],
    refused: [['x'.repeat(257), 'Member must have length less than or equal to 256']],
  },
  {
    parameter: 'Timeout',
    member: 'timeout',
    accepted: ['1', '60', '007'],
    refused: [
      ['0', atLeast(1)],
      ['-1', atLeast(1)],
      ['61', atMost(60)],
      ['9'.repeat(400), atMost(60)],
      [`-${'9'.repeat(400)}`, atLeast(1)],
      ['', WHOLE],
      ['three', WHOLE],
      ['1.5', WHOLE],
      ['1e1', WHOLE],
      ['0x10', WHOLE],
      [' 3', WHOLE],
      ['+3', WHOLE],
      ['٣', WHOLE],
      ['NaN', WHOLE],
    ],
  },
  {
    parameter: 'MemorySize',
    member: 'memorySize',
    // The launch revision began at 64, the next one at 128.
    accepted: ['64', '128', '192', '1024'],
    refused: [
      ['0', atLeast(64)],
      ['63', atLeast(64), 'Member must be a multiple of 64'],
      ['100', 'Member must be a multiple of 64'],
      ['1088', atMost(1024)],
      ['1025', atMost(1024), 'Member must be a multiple of 64'],
      ['128MB', WHOLE],
    ],
  },
]

const acceptedRows = SHARED_PARAMETERS.flatMap(({ parameter, accepted }) =>
  accepted.map((value) => ({ parameter, value })),
)
const refusedRows = SHARED_PARAMETERS.flatMap(({ parameter, member, refused }) =>
  refused.map(([value, ...constraints]) => ({ parameter, member, value, constraints })),
)

const encoded = (parameters: Record<string, string>) =>
  new URLSearchParams(parameters).toString().replaceAll('+', '%20')

/** What UploadFunction and UpdateFunctionConfiguration take, and what they refuse. */
export function constraintRows(platform: string, fresh: () => Promise<Wire>): void {
  describe(`UploadFunction on ${platform}`, () => {
    test.each(acceptedRows)('accepts $parameter $value', async ({ parameter, value }) => {
      const { upload } = await fresh()
      const response = await upload('hello', { [parameter]: value })
      expect(response.status).toBe(201)
      const stored = ((await response.json()) as Record<string, unknown>)[parameter]
      expect(stored).toEqual(typeof stored === 'number' ? Number(value) : value)
    })

    test.each([
      ...refusedRows,
      ...['', 'NODEJS', 'nodejs ', 'nodejs10', 'python'].map((value) => ({
        parameter: 'Runtime',
        member: 'runtime',
        value,
        constraints: ['Member must satisfy enum value set: [nodejs]'],
      })),
      ...['', 'Event', 'request'].map((value) => ({
        parameter: 'Mode',
        member: 'mode',
        value,
        constraints: ['Member must satisfy enum value set: [event]'],
      })),
    ])('refuses $parameter $value and stores nothing', async (row) => {
      const wire = await fresh()
      const { parameter, member, value, constraints } = row
      const violations = constraints.map((constraint) => ({
        member,
        value: `'${value}'`,
        constraint,
      }))
      await expectViolations(
        await wire.upload('hello', { [parameter]: value }),
        [...violations],
        expect,
      )
      expect(await namesIn(wire)).toEqual([])
    })

    test.each(['Runtime', 'Role', 'Handler', 'Mode'])('requires %s', async (parameter) => {
      const { call } = await fresh()
      const query = new URLSearchParams(uploadQuery())
      query.delete(parameter)
      const response = await call('PUT', `${FUNCTIONS}/hello?${query.toString()}`, zipOf())
      const member = parameter.toLowerCase()
      await expectViolations(response, [{ member, value: 'null', constraint: NOT_NULL }], expect)
    })

    test('tells all that is wrong at once, in the order of the model', async () => {
      const { call } = await fresh()
      const query = 'MemorySize=65&Timeout=x&Mode=sync&Role=worker&Runtime=java'
      await expectViolations(
        await call('PUT', `${FUNCTIONS}/a%20b?${query}`, zipOf()),
        [
          { member: 'functionName', value: "'a b'", constraint: NAME_PATTERN },
          {
            member: 'runtime',
            value: "'java'",
            constraint: 'Member must satisfy enum value set: [nodejs]',
          },
          { member: 'role', value: "'worker'", constraint: ROLE_PATTERN },
          { member: 'handler', value: 'null', constraint: NOT_NULL },
          {
            member: 'mode',
            value: "'sync'",
            constraint: 'Member must satisfy enum value set: [event]',
          },
          { member: 'timeout', value: "'x'", constraint: WHOLE },
          { member: 'memorySize', value: "'65'", constraint: 'Member must be a multiple of 64' },
        ],
        expect,
      )
    })

    test('looks at its parameters before its body', async () => {
      const { upload } = await fresh()
      await expectViolations(
        await upload('hello', { Timeout: '0' }, new TextEncoder().encode('no zip')),
        [{ member: 'timeout', value: "'0'", constraint: atLeast(1) }],
        expect,
      )
    })

    test.each([
      { query: { Timeout: '3' }, defaults: { Description: '', MemorySize: 128 } },
      { query: { MemorySize: '256' }, defaults: { Description: '', Timeout: 3 } },
      { query: { Description: 'x' }, defaults: { Timeout: 3, MemorySize: 128 } },
    ])('given $query takes the defaults $defaults', async ({ query, defaults }) => {
      const { upload } = await fresh()
      const full = { Description: 'old', Timeout: '60', MemorySize: '1024' }
      await upload('hello', full)
      expect(await (await upload('hello', query)).json()).toMatchObject(defaults)
    })
  })

  describe(`UpdateFunctionConfiguration on ${platform}`, () => {
    test.each(acceptedRows)('accepts $parameter $value', async ({ parameter, value }) => {
      const { upload, call } = await fresh()
      await upload('hello')
      const query = encoded({ [parameter]: value })
      const response = await call('PUT', `${FUNCTIONS}/hello/configuration?${query}`)
      expect(response.status).toBe(200)
      const stored = ((await response.json()) as Record<string, unknown>)[parameter]
      expect(stored).toEqual(typeof stored === 'number' ? Number(value) : value)
    })

    test.each(refusedRows)('refuses $parameter $value and changes nothing', async (row) => {
      const { upload, call } = await fresh()
      const before: unknown = await (await upload('hello')).json()
      const { parameter, member, value, constraints } = row
      const query = encoded({ [parameter]: value })
      await expectViolations(
        await call('PUT', `${FUNCTIONS}/hello/configuration?${query}`),
        [...constraints.map((constraint) => ({ member, value: `'${value}'`, constraint }))],
        expect,
      )
      expect(await (await call('GET', `${FUNCTIONS}/hello/configuration`)).json()).toEqual(before)
    })

    test('looks at its parameters before the function', async () => {
      const { call } = await fresh()
      await expectViolations(
        await call('PUT', `${FUNCTIONS}/nobody/configuration?Timeout=0`),
        [{ member: 'timeout', value: "'0'", constraint: atLeast(1) }],
        expect,
      )
    })

    test('does not know Runtime and Mode', async () => {
      const { upload, call } = await fresh()
      await upload('hello')
      const path = `${FUNCTIONS}/hello/configuration?Runtime=python&Mode=sync`
      expect(await (await call('PUT', path)).json()).toMatchObject({
        Runtime: 'nodejs',
        Mode: 'event',
      })
    })
  })
}
