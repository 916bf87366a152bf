import { describe, expect, test } from 'vitest'
import { fromMarker, toMarker } from '../../src/aws/marker.ts'
import { expectError } from '../support/expect-error.ts'
import { memoryGateway } from '../support/memory-gateway.ts'

const LIST = '/2014-11-13/functions/'

type Gateway = ReturnType<typeof memoryGateway>

interface Page {
  Functions: { FunctionName: string }[]
  NextMarker?: string
}

async function withFunctions(...names: string[]): Promise<Gateway> {
  const gateway = memoryGateway()
  for (const name of names) await gateway.upload(name)
  return gateway
}

async function page({ call }: Gateway, query: Record<string, string>) {
  const response = await call('GET', `${LIST}?${new URLSearchParams(query).toString()}`)
  const body = (await response.json()) as Page
  return { ...body, names: body.Functions.map((one) => one.FunctionName) }
}

describe('the pages of ListFunctions', () => {
  test('give every function once, in order of the names, and the last has no NextMarker', async () => {
    const gateway = await withFunctions('c', 'e', 'a', 'd', 'b')
    const first = await page(gateway, { MaxItems: '2' })
    const second = await page(gateway, { MaxItems: '2', Marker: first.NextMarker ?? '' })
    const third = await page(gateway, { MaxItems: '2', Marker: second.NextMarker ?? '' })
    expect([first.names, second.names, third.names]).toEqual([['a', 'b'], ['c', 'd'], ['e']])
    expect(Object.keys(third)).not.toContain('NextMarker')
  })

  test('that are full have no NextMarker when nothing follows', async () => {
    const gateway = await withFunctions('a', 'b')
    expect(await page(gateway, { MaxItems: '2' })).not.toHaveProperty('NextMarker')
  })

  test('have fifty functions when nobody says how many', async () => {
    const names = Array.from({ length: 51 }, (_, n) => `f${n}`)
    const first = await page(await withFunctions(...names), {})
    expect(first.names).toHaveLength(50)
    expect(first.NextMarker).toEqual(expect.any(String))
  })

  test('stay in place when functions come and go between them', async () => {
    const gateway = await withFunctions('a', 'b', 'c', 'd', 'e')
    const first = await page(gateway, { MaxItems: '2' })
    for (const name of ['a', 'b', 'c']) await gateway.call('DELETE', LIST + name)
    await gateway.upload('a2')
    await gateway.upload('d2')
    const rest = await page(gateway, { Marker: first.NextMarker ?? '' })
    expect(rest.names).toEqual(['d', 'd2', 'e'])
  })

  test('are empty when all that followed is gone', async () => {
    const gateway = await withFunctions('a', 'b')
    const first = await page(gateway, { MaxItems: '1' })
    await gateway.call('DELETE', `${LIST}b`)
    const second = await page(gateway, { MaxItems: '1', Marker: first.NextMarker ?? '' })
    expect(second).toEqual({ Functions: [], names: [] })
  })

  test('may be cut anew: a Marker is not bound to MaxItems', async () => {
    const gateway = await withFunctions('a', 'b', 'c', 'd')
    const first = await page(gateway, { MaxItems: '1' })
    const rest = await page(gateway, { MaxItems: '10000', Marker: first.NextMarker ?? '' })
    expect(rest.names).toEqual(['b', 'c', 'd'])
  })
})

describe('a Marker', () => {
  const seal = { secret: 'local', operation: 'ListFunctions' }

  test.each(['a', 'function/ä€😀', '', 'x'.repeat(3000), '\0\n'])(
    'wraps %j and gives it back',
    async (cursor) => {
      const marker = await toMarker(seal, cursor)
      expect(marker).toMatch(/^[A-Za-z0-9_-]+$/)
      expect(await fromMarker(seal, marker)).toBe(cursor)
    },
  )

  const garbage: { name: string; marker: (good: string) => string | Promise<string> }[] = [
    { name: 'empty', marker: () => '' },
    { name: 'not base64', marker: () => '!!' },
    { name: 'a name', marker: () => 'hello' },
    { name: 'base64 of a name, as a cursor of KV is', marker: () => btoa('function/a') },
    { name: 'base64 of what is not text', marker: () => '_____w' },
    { name: 'base64 of nothing', marker: () => 'AAAAAAAAAAAAAAAAAAAAAA' },
    { name: 'cut short', marker: (good) => good.slice(0, -1) },
    { name: 'padded', marker: (good) => `${good}==` },
    { name: 'with another case', marker: (good) => good.toLowerCase() },
    { name: 'with a character more', marker: (good) => `${good}A` },
    { name: 'moved to another cursor', marker: (good) => good.slice(0, -2) + 'Yg' },
    { name: 'of another operation', marker: () => toMarker({ ...seal, operation: 'Other' }, 'a') },
    { name: 'under another secret', marker: () => toMarker({ ...seal, secret: 'guess' }, 'a') },
    { name: 'very long', marker: () => 'A'.repeat(60_000) },
  ]

  test.each(garbage)('that is $name is refused', async ({ marker }) => {
    const { call } = memoryGateway()
    const made = await marker(await toMarker(seal, 'a'))
    await expectError(
      await call('GET', `${LIST}?Marker=${encodeURIComponent(made)}`),
      'InvalidParameterValueException',
      {
        status: 400,
        member: 'message',
        text: `The marker '${made}' is not one that this operation returned`,
      },
      expect,
    )
  })
})
