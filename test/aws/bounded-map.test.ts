import { expect, test } from 'vitest'
import { BoundedMap } from '../../src/aws/bounded-map.ts'

test('for one more the entry goes that was set longest ago, and what is set again is young', () => {
  const map = new BoundedMap<string, number>(2)
  map.set('a', 1).set('b', 2).set('a', 3)
  expect(Array.from(map)).toEqual([
    ['b', 2],
    ['a', 3],
  ])
  map.set('c', 4)
  expect(Array.from(map)).toEqual([
    ['a', 3],
    ['c', 4],
  ])
})
