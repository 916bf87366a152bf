import { describe, expect, test } from 'vitest'
import { toMarker } from '../../src/aws/marker.ts'
import { expectError } from '../support/expect-error.ts'
import type { Wire } from '../support/wire.ts'

const LIST = '/2014-11-13/functions/'

interface Page {
  Functions: { FunctionName: string }[]
  NextMarker?: string
}

async function page({ call }: Wire, query: Record<string, string>) {
  const response = await call('GET', `${LIST}?${new URLSearchParams(query).toString()}`)
  const body = (await response.json()) as Page
  return { ...body, names: body.Functions.map((one) => one.FunctionName) }
}

const SEAL = { secret: 'local', operation: 'ListFunctions' }

/** What is no marker; `good` is one that was given out. */
const GARBAGE: { name: string; markerOf: (good: string) => string }[] = [
  { name: 'empty', markerOf: () => '' },
  { name: 'not base64', markerOf: () => '!!' },
  { name: 'a name', markerOf: () => 'hello' },
  { name: 'base64 of a name, as a cursor of KV is', markerOf: () => btoa('function/a') },
  { name: 'base64 of what is not text', markerOf: () => '_____w' },
  { name: 'base64 of nothing', markerOf: () => 'AAAAAAAAAAAAAAAAAAAAAA' },
  { name: 'cut short', markerOf: (good) => good.slice(0, -1) },
  { name: 'padded', markerOf: (good) => `${good}==` },
  { name: 'in another case', markerOf: (good) => good.toLowerCase() },
  { name: 'longer by a character', markerOf: (good) => `${good}A` },
  { name: 'moved to another place', markerOf: (good) => `${good.slice(0, -3)}AAA` },
  { name: 'of another operation', markerOf: () => toMarker({ ...SEAL, operation: 'Other' }, 'a') },
  { name: 'under another secret', markerOf: () => toMarker({ ...SEAL, secret: 'guess' }, 'a') },
  { name: 'very long', markerOf: () => 'A'.repeat(60_000) },
]

/** The pages of ListFunctions. */
export function listRows(platform: string, fresh: () => Promise<Wire>): void {
  async function withFunctions(...names: string[]): Promise<Wire> {
    const wire = await fresh()
    for (const name of names) await wire.upload(name)
    return wire
  }

  describe(`the pages of ListFunctions on ${platform}`, () => {
    test('give every function once, in order of the names, and the last has no NextMarker', async () => {
      const wire = await withFunctions('c', 'e', 'a', 'd', 'b')
      const first = await page(wire, { MaxItems: '2' })
      const second = await page(wire, { MaxItems: '2', Marker: first.NextMarker ?? '' })
      const third = await page(wire, { MaxItems: '2', Marker: second.NextMarker ?? '' })
      expect([first.names, second.names, third.names]).toEqual([['a', 'b'], ['c', 'd'], ['e']])
      expect(Object.keys(third)).not.toContain('NextMarker')
    })

    test('that are full have no NextMarker when nothing follows', async () => {
      const wire = await withFunctions('a', 'b')
      expect(await page(wire, { MaxItems: '2' })).not.toHaveProperty('NextMarker')
    })

    test('have fifty functions when nobody says how many', async () => {
      const names = Array.from({ length: 51 }, (_, n) => `f${n}`)
      const first = await page(await withFunctions(...names), {})
      expect(first.names).toHaveLength(50)
      expect(first.NextMarker).toEqual(expect.any(String))
    })

    test('stay in place when functions come and go between them', async () => {
      const wire = await withFunctions('a', 'b', 'c', 'd', 'e')
      const first = await page(wire, { MaxItems: '2' })
      for (const name of ['a', 'b', 'c']) await wire.call('DELETE', LIST + name)
      await wire.upload('a2')
      await wire.upload('d2')
      const rest = await page(wire, { Marker: first.NextMarker ?? '' })
      expect(rest.names).toEqual(['d', 'd2', 'e'])
    })

    test('are empty when all that followed is gone', async () => {
      const wire = await withFunctions('a', 'b')
      const first = await page(wire, { MaxItems: '1' })
      await wire.call('DELETE', `${LIST}b`)
      const second = await page(wire, { MaxItems: '1', Marker: first.NextMarker ?? '' })
      expect(second).toEqual({ Functions: [], names: [] })
    })

    test('may be cut anew: a Marker is not bound to MaxItems', async () => {
      const wire = await withFunctions('a', 'b', 'c', 'd')
      const first = await page(wire, { MaxItems: '1' })
      const rest = await page(wire, { MaxItems: '10000', Marker: first.NextMarker ?? '' })
      expect(rest.names).toEqual(['b', 'c', 'd'])
    })

    test.each(GARBAGE)('refuse a Marker that is $name', async ({ markerOf }) => {
      const wire = await withFunctions('a', 'b')
      const { NextMarker = '' } = await page(wire, { MaxItems: '1' })
      const made = markerOf(NextMarker)
      const text = `The marker '${made}' is not one that this operation returned`
      await expectError(
        await wire.call('GET', `${LIST}?Marker=${encodeURIComponent(made)}`),
        'InvalidParameterValueException',
        { status: 400, member: 'message', text },
        expect,
      )
    })
  })
}
