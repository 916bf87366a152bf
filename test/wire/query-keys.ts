import { describe, expect, test } from 'vitest'
import { uploadQuery, zipOf } from '../support/memory-gateway.ts'
import { ONCE, WHOLE, atLeast, atMost, expectViolations } from '../support/violations.ts'
import type { Wire } from '../support/wire.ts'

const FUNCTIONS = '/2014-11-13/functions'

/** MaxItems, and keys of the query that come twice or that nobody knows. */
export function queryKeyRows(platform: string, fresh: () => Promise<Wire>): void {
  describe(`ListFunctions on ${platform}`, () => {
    test.each<[string, string]>([
      ['0', atLeast(1)],
      ['-1', atLeast(1)],
      ['10001', atMost(10_000)],
      ['99999999999999999999', atMost(10_000)],
      ['x', WHOLE],
      ['', WHOLE],
      ['1.0', WHOLE],
    ])('refuses MaxItems %s', async (value, constraint) => {
      const { call } = await fresh()
      await expectViolations(
        await call('GET', `${FUNCTIONS}/?MaxItems=${value}`),
        [{ member: 'maxItems', value: `'${value}'`, constraint }],
        expect,
      )
    })

    test.each(['1', '50', '10000'])('accepts MaxItems %s', async (value) => {
      const { call } = await fresh()
      expect((await call('GET', `${FUNCTIONS}/?MaxItems=${value}`)).status).toBe(200)
    })
  })

  describe(`a query key on ${platform}`, () => {
    test.each([
      { query: 'MaxItems=1&MaxItems=2', member: 'maxItems', value: "'[1, 2]'" },
      { query: 'MaxItems=1&MaxItems=1', member: 'maxItems', value: "'[1, 1]'" },
      { query: 'MaxItems=1&Max%49tems=', member: 'maxItems', value: "'[1, ]'" },
      { query: 'Marker=a&Marker=b', member: 'marker', value: "'[a, b]'" },
    ])(
      'that ListFunctions knows is refused when repeated: $query',
      async ({ query, ...violation }) => {
        const { call } = await fresh()
        const response = await call('GET', `${FUNCTIONS}/?${query}`)
        await expectViolations(response, [{ ...violation, constraint: ONCE }], expect)
      },
    )

    test.each(['Runtime', 'Role', 'Handler', 'Mode', 'Description', 'Timeout', 'MemorySize'])(
      'that UploadFunction knows is refused when repeated: %s',
      async (parameter) => {
        const { call } = await fresh()
        const query = new URLSearchParams(uploadQuery())
        query.delete(parameter)
        const path = `${FUNCTIONS}/hello?${query.toString()}&${parameter}=1&${parameter}=2`
        const member = parameter.charAt(0).toLowerCase() + parameter.slice(1)
        await expectViolations(
          await call('PUT', path, zipOf()),
          [{ member, value: "'[1, 2]'", constraint: ONCE }],
          expect,
        )
      },
    )

    test.each([
      'Foo=1',
      'Foo=1&Foo=2',
      'maxitems=0',
      'toString=1',
      '__proto__=1&__proto__=2',
      'Foo',
    ])('that no operation knows is ignored: %s', async (query) => {
      const { call } = await fresh()
      expect((await call('GET', `${FUNCTIONS}/?${query}`)).status).toBe(200)
    })
  })
}
