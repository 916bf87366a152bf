import { describe, expect, test } from 'vitest'
import { uploadQuery, zipOf } from '../support/memory-gateway.ts'
import { NAME_PATTERN, expectViolations } from '../support/violations.ts'
import type { Wire } from '../support/wire.ts'

const FUNCTIONS = '/2014-11-13/functions'

/** The name of a function, in every operation that has one. */
export function functionNameRows(platform: string, fresh: () => Promise<Wire>): void {
  describe(`FunctionName on ${platform}`, () => {
    const OPERATIONS = [
      ['PUT', '', `?${uploadQuery()}`],
      ['GET', '', ''],
      ['DELETE', '', ''],
      ['GET', '/configuration', ''],
      ['PUT', '/configuration', '?Timeout=5'],
      ['POST', '/invoke-async/', ''],
    ] as const
    const REFUSED: [onTheWire: string, value: string, ...constraints: string[]][] = [
      ['a%20b', 'a b', NAME_PATTERN],
      ['a.b', 'a.b', NAME_PATTERN],
      ['a%2Fb', 'a/b', NAME_PATTERN],
      ['a%00b', 'a\0b', NAME_PATTERN],
      ['a%0A', 'a\n', NAME_PATTERN],
      ['a%zzb', 'a%zzb', NAME_PATTERN],
      ['a%', 'a%', NAME_PATTERN],
      ['%C3%A9', 'é', NAME_PATTERN],
      [
        'arn:aws:lambda:us-east-1:0:function:f',
        'arn:aws:lambda:us-east-1:0:function:f',
        NAME_PATTERN,
      ],
      ['x'.repeat(65), 'x'.repeat(65), 'Member must have length less than or equal to 64'],
    ]

    test.each(
      OPERATIONS.flatMap((operation) => REFUSED.map((name) => [...operation, ...name] as const)),
    )('%s NAME%s%s refuses %s', async (method, path, query, name, value, ...constraints) => {
      const { call } = await fresh()
      const body = method === 'PUT' && path === '' ? zipOf() : '{}'
      const response = await call(
        method,
        `${FUNCTIONS}/${name}${path}${query}`,
        method === 'GET' ? undefined : body,
      )
      const member = 'functionName'
      await expectViolations(
        response,
        [...constraints.map((constraint) => ({ member, value: `'${value}'`, constraint }))],
        expect,
      )
    })

    test.each([
      { wire: 'a', name: 'a' },
      { wire: 'x'.repeat(64), name: 'x'.repeat(64) },
      { wire: 'A-z_0', name: 'A-z_0' },
      { wire: '-', name: '-' },
      { wire: 'configuration', name: 'configuration' },
      { wire: '%61b%5Fc', name: 'ab_c' },
      { wire: '__proto__', name: '__proto__' },
    ])('$wire is $name in every operation', async ({ wire, name }) => {
      const { call } = await fresh()
      const uploaded = await call('PUT', `${FUNCTIONS}/${wire}?${uploadQuery()}`, zipOf())
      expect(await uploaded.json()).toMatchObject({ FunctionName: name })
      const configured = await call('GET', `${FUNCTIONS}/${wire}/configuration`)
      expect(await configured.json()).toMatchObject({ FunctionName: name })
      const got = await call('GET', `${FUNCTIONS}/${wire}`)
      expect(await got.json()).toMatchObject({ Configuration: { FunctionName: name } })
      expect((await call('POST', `${FUNCTIONS}/${wire}/invoke-async/`, '{}')).status).toBe(202)
      expect((await call('DELETE', `${FUNCTIONS}/${wire}`)).status).toBe(204)
    })

    test('is case-sensitive', async () => {
      const { upload, call } = await fresh()
      await upload('hello')
      expect((await call('GET', `${FUNCTIONS}/Hello`)).status).toBe(404)
    })

    test('is what the path says, whatever the query says', async () => {
      const { call } = await fresh()
      const path = `${FUNCTIONS}/hello?FunctionName=other&${uploadQuery()}`
      expect(await (await call('PUT', path, zipOf())).json()).toMatchObject({
        FunctionName: 'hello',
      })
    })
  })
}
