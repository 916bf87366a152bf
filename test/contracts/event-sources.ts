import { describe, expect, test } from 'vitest'
import type { EventSourceConfiguration } from '../../src/aws/event-source-configuration.ts'
import type { EventSourceIndex } from '../../src/ports/event-source-index.ts'
import type { FunctionCapacity } from '../../src/ports/function-capacity.ts'
import type { FunctionRegistry } from '../../src/ports/function-registry.ts'
import { draftOf } from './function-actor.ts'

const streamArn = (name: string) => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`

function mappingOf(number: number, stream: string, FunctionName: string, more: object = {}) {
  return {
    UUID: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    BatchSize: 100,
    EventSource: streamArn(stream),
    FunctionName,
    Parameters: { InitialPositionInStream: 'TRIM_HORIZON' },
    Role: 'arn:aws:iam::000000000000:role/lambda',
    LastModified: '2015-01-06T18:30:35.841+0000',
    IsActive: true,
    Status: 'OK',
    ...more,
  } as EventSourceConfiguration
}

/** What every index of event sources promises. Each test cleans up what it put. */
export function eventSourceIndexContract(platform: string, index: () => EventSourceIndex): void {
  const idsOf = (configurations: EventSourceConfiguration[]) =>
    configurations.map(({ UUID }) => Number(UUID.slice(-12))).sort((a, b) => a - b)

  async function having(
    mappings: EventSourceConfiguration[],
    work: () => Promise<void>,
  ): Promise<void> {
    for (const mapping of mappings) await index().put(mapping)
    await work()
    for (const mapping of mappings) await index().delete(mapping)
    expect(await index().list({}, 10)).toEqual({ configurations: [] })
  }

  describe(`event source index on ${platform}`, () => {
    test('gives back what was put, the newest of it, and nothing once it is deleted', async () => {
      const mapping = mappingOf(1, 's', 'f')
      await having([mapping], async () => {
        expect(await index().get(mapping.UUID)).toEqual(mapping)
        // Too long for what is kept beside a key.
        const Status = `PROBLEM:${'x'.repeat(1100)}`
        await index().put({ ...mapping, Status })
        expect(await index().get(mapping.UUID)).toEqual({ ...mapping, Status })
        expect(await index().list({ FunctionName: 'f' }, 10)).toEqual({
          configurations: [{ ...mapping, Status }],
        })
      })
      expect(await index().get(mapping.UUID)).toBeUndefined()
    })

    test('finds by function, by stream, by both, and never by a part of a name', async () => {
      const mappings = [
        mappingOf(1, 's', 'f'),
        mappingOf(2, 's-2', 'f'),
        mappingOf(3, 's', 'f-2'),
        mappingOf(4, 's-2', 'f-2'),
      ]
      await having(mappings, async () => {
        const found = async (filter: object) =>
          idsOf((await index().list(filter, 10)).configurations)
        expect(await found({})).toEqual([1, 2, 3, 4])
        expect(await found({ FunctionName: 'f' })).toEqual([1, 2])
        expect(await found({ EventSource: streamArn('s') })).toEqual([1, 3])
        expect(await found({ FunctionName: 'f-2', EventSource: streamArn('s') })).toEqual([3])
        expect(await found({ FunctionName: 'f-' })).toEqual([])
        expect(await found({ EventSource: streamArn('s-') })).toEqual([])
      })
    })

    test('pages by a cursor that survives deletions between pages', async () => {
      const mappings = [1, 2, 3, 4, 5].map((number) => mappingOf(number, `s${number}`, 'f'))
      await having(mappings, async () => {
        const first = await index().list({ FunctionName: 'f' }, 2)
        expect(first.configurations).toHaveLength(2)
        const [second] = mappings.filter(({ UUID }) =>
          first.configurations.every((one) => one.UUID !== UUID),
        )
        if (second !== undefined) await index().delete(second)
        const rest = await index().list({ FunctionName: 'f' }, 10, first.cursor)
        expect(rest.configurations).toHaveLength(2)
        expect(rest).not.toHaveProperty('cursor')
      })
    })
  })
}

/** A function's places, as pumps ask for them. */
export function functionCapacityContract(
  platform: string,
  tested: () => { capacity: FunctionCapacity; registry: FunctionRegistry },
): void {
  describe(`function capacity on ${platform}`, () => {
    test('has no place for a function that does not exist', async () => {
      expect(await tested().capacity.acquire('nobody', 'p')).toEqual({ kind: 'noSuchFunction' })
    })

    test('gives every place but once, in turn, and again when it is given back', async () => {
      const { capacity, registry } = tested()
      const record = await registry.upload(draftOf('busy'), 'code/busy/1.zip')
      const first = await capacity.acquire('busy', 'first')
      expect(first).toEqual({
        kind: 'granted',
        record,
        place: { slot: 0, untilMilliseconds: expect.any(Number) },
      })
      // Calls may overtake each other on their way: which of the two comes first is left open.
      const seconds = [capacity.acquire('busy', 'second'), capacity.acquire('busy', 'second')]
      expect(await Promise.race(seconds)).toEqual({ kind: 'superseded' })
      const third = capacity.acquire('busy', 'third')
      if (first.kind === 'granted') await capacity.release('busy', first.place, false)
      const next = (await Promise.all(seconds)).find(({ kind }) => kind !== 'superseded')
      expect(next).toMatchObject({ kind: 'granted', place: { slot: 0 } })
      await registry.delete('busy')
      if (next?.kind === 'granted') await capacity.release('busy', next.place, false)
      expect(await third).toEqual({ kind: 'noSuchFunction' })
    })
  })
}
