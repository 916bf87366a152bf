import { expect, test } from 'vitest'
import { WrittenTogether } from '../../src/delivery/written-together.ts'

/** Writes of numbers, which refuse zero, and pauses that end when they are told to. */
function world() {
  const written: number[][] = []
  const pauses: (() => void)[] = []
  const numbers = new WrittenTogether<number>(
    (items) => {
      if (items.includes(0)) throw new Error('no zero')
      written.push(items)
    },
    () => new Promise((resolve) => pauses.push(() => resolve())),
  )
  return { numbers, written, endPause: () => pauses.shift()?.() }
}

test('what comes during a pause is written at its end, in order, and what comes later later', async () => {
  const { numbers, written, endPause } = world()
  const early = [numbers.add(1), numbers.add(2)]
  expect(written).toEqual([])
  endPause()
  await Promise.all(early)
  expect(written).toEqual([[1, 2]])
  const late = numbers.add(3)
  endPause()
  await late
  expect(written).toEqual([[1, 2], [3]])
})

test('all who were to be written learn that they are not, and the next are not theirs', async () => {
  const { numbers, written, endPause } = world()
  const refused = [numbers.add(1), numbers.add(0)].map((one) =>
    expect(one).rejects.toThrow('no zero'),
  )
  endPause()
  await Promise.all(refused)
  const next = numbers.add(2)
  endPause()
  await next
  expect(written).toEqual([[2]])
})
