import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { boundedLookups } from '../../../src/platform/deno/functions/bounded-lookups.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const FOUND = [{ address: '93.184.215.14', family: 4 }]

/** Lookups that take until they are answered, and what has come of those that were asked for. */
function slowNames() {
  const asked: { host: string; answer: () => void }[] = []
  const told: string[] = []
  const ofProcess = boundedLookups((host) => {
    const { promise, resolve } = Promise.withResolvers<typeof FOUND>()
    asked.push({ host, answer: () => resolve(FOUND) })
    return promise
  })
  const process = () => {
    const lookup = ofProcess()
    return (host: string) =>
      void lookup(host).then(
        () => told.push(host),
        (error: unknown) => told.push(String(error)),
      )
  }
  const settled = () => vi.advanceTimersByTimeAsync(0)
  return { asked, told, process, settled }
}

test('A process has four names looked up at a time, and all together sixteen', async () => {
  const { asked, told, process, settled } = slowNames()
  const greedy = process()
  for (let count = 0; count < 100; count++) greedy(`greedy-${count}`)
  await settled()
  expect(asked.map(({ host }) => host)).toEqual(['greedy-0', 'greedy-1', 'greedy-2', 'greedy-3'])
  const others = Array.from({ length: 10 }, process)
  others.forEach((look, number) => {
    for (let count = 0; count < 2; count++) look(`other-${number}`)
  })
  await settled()
  expect(asked).toHaveLength(16)
  // Those of the others were there first.
  for (const { answer } of asked.slice(0, 4)) answer()
  await settled()
  expect(told).toEqual(['greedy-0', 'greedy-1', 'greedy-2', 'greedy-3'])
  expect(asked.slice(16).map(({ host }) => host)).toEqual([
    'other-6',
    'other-6',
    'other-7',
    'other-7',
  ])
})

test('Who waits for too long is refused, and his name is never looked up', async () => {
  const { asked, told, process, settled } = slowNames()
  const look = process()
  for (let count = 0; count < 5; count++) look(`name-${count}`)
  await vi.advanceTimersByTimeAsync(9_999)
  expect(told).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(told).toHaveLength(5)
  expect(told[4]).toBe('Error: name-4 was not resolved in time')
  look('later')
  await settled()
  // The system still looks for the first four.
  expect(asked).toHaveLength(4)
  asked[0]?.answer()
  await settled()
  expect(asked.map(({ host }) => host)).toEqual(['name-0', 'name-1', 'name-2', 'name-3', 'later'])
})

test('What is an address already waits for nobody', async () => {
  const { asked, told, process, settled } = slowNames()
  const look = process()
  for (let count = 0; count < 5; count++) look(`name-${count}`)
  look('10.0.0.1')
  look('fe80::1')
  await settled()
  expect(asked).toHaveLength(4)
  expect(told).toEqual(['10.0.0.1', 'fe80::1'])
})
