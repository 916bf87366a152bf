import { describe, expect, test } from 'vitest'
import type { FunctionRecord } from '../../src/aws/function-configuration.ts'
import { functionMemory, knownFunctions } from '../../src/platform/cloudflare/known-functions.ts'
import { recordOf } from '../contracts/function-store.ts'
import { fakeClock } from '../support/clock.ts'

/** A store that counts its reads, and holds them back until it is told to go on. */
function world() {
  const clock = fakeClock()
  const stored = new Map<string, FunctionRecord>()
  const memory = functionMemory()
  let reads = 0
  let gate: Promise<unknown> = Promise.resolve()
  const store = {
    async get(name: string) {
      reads += 1
      const record = stored.get(name)
      await gate
      return record
    },
  }
  return {
    clock,
    stored,
    memory,
    known: knownFunctions(store, memory, clock.now),
    reads: () => reads,
    /** Reads that begin from now on end when the result is called. */
    hold() {
      const { promise, resolve } = Promise.withResolvers<unknown>()
      gate = promise
      return () => {
        resolve(undefined)
      }
    },
  }
}

describe('a function that was found', () => {
  test.each([
    { afterMilliseconds: 0, reads: 1 },
    { afterMilliseconds: 999, reads: 1 },
    { afterMilliseconds: 1000, reads: 2 },
  ])('is read $reads times when asked for again after $afterMilliseconds ms', async (row) => {
    const { clock, stored, known, reads } = world()
    stored.set('f', recordOf('f'))
    await known.get('f')
    clock.advance(row.afterMilliseconds)
    expect(await known.get('f')).toEqual(recordOf('f'))
    expect(reads()).toBe(row.reads)
  })

  test('is gone at once when it is forgotten', async () => {
    const { stored, memory, known } = world()
    stored.set('f', recordOf('f'))
    await known.get('f')
    stored.delete('f')
    memory.delete('f')
    expect(await known.get('f')).toBeUndefined()
  })

  test('is not remembered when it was forgotten while it was read', async () => {
    const { stored, memory, known, hold } = world()
    stored.set('f', recordOf('f'))
    const goOn = hold()
    const early = known.get('f')
    stored.delete('f')
    memory.delete('f')
    goOn()
    expect(await early).toEqual(recordOf('f'))
    expect(await known.get('f')).toBeUndefined()
  })
})

test('what those who ask at the same time find is remembered, whoever of them is last', async () => {
  const { stored, memory, known, hold } = world()
  stored.set('f', recordOf('f'))
  const goOn = hold()
  const early = known.get('f')
  hold()
  void known.get('f')
  goOn()
  await early
  expect(memory.get('f')?.found?.record).toEqual(recordOf('f'))
})

test('a function that is not there is asked for each time', async () => {
  const { stored, memory, known } = world()
  expect(await known.get('f')).toBeUndefined()
  expect(memory.size).toBe(0)
  stored.set('f', recordOf('f'))
  expect(await known.get('f')).toEqual(recordOf('f'))
})

test('of more than a thousand functions the oldest are forgotten', async () => {
  const { stored, memory, known } = world()
  for (let i = 0; i < 1001; i++) {
    stored.set(`f${i}`, recordOf(`f${i}`))
    await known.get(`f${i}`)
  }
  expect(memory.size).toBe(1000)
  expect(memory.has('f0')).toBe(false)
})
