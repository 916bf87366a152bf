import { describe, expect, test } from 'vitest'
import {
  parseSequenceNumber,
  sequenceNumbers,
  startingSequenceNumber,
} from '../../src/kinesis/storage/sequence-number.ts'
import { hashKeyRange, shardIndexOf, shardRouter } from '../../src/kinesis/storage/shard-map.ts'

describe('sequence numbers', () => {
  const at = (text: string) => Date.parse(text)

  test('have in hex the digits that kinesalite found in real ones', () => {
    const shard = { shardIndex: 18, createdAtMilliseconds: 0x54ac2b9b * 1000 + 999 }
    const number = sequenceNumbers(shard, 0x54ac2ba0 * 1000)(0x1234)
    expect(BigInt(number).toString(16)).toBe('2054ac2b9b2000000000000123400054ac2ba0000000122')
    expect(number).toMatch(/^49\d{54}$/)
  })

  test.each([
    { shardIndex: 0, created: '2015-01-06T18:30:35Z', arrived: '2015-01-06T18:30:35Z', index: 0 },
    { shardIndex: 499, created: '2015-01-06T18:30:35Z', arrived: '2026-01-01T00:00:00Z', index: 7 },
    {
      shardIndex: 1,
      created: '2099-01-06T18:30:35Z',
      arrived: '2099-01-07T00:00:00Z',
      index: 2 ** 52,
    },
  ])('say what they were made of: %j', ({ shardIndex, created, arrived, index }) => {
    const number = sequenceNumbers(
      { shardIndex, createdAtMilliseconds: at(created) },
      at(arrived),
    )(index)
    expect(number).toHaveLength(56)
    const createdSeconds = at(created) / 1000
    expect(parseSequenceNumber(number)).toEqual({ createdSeconds, shardIndex, index })
  })

  test('grow with the index, even when time goes back, and with the shard’s creation', () => {
    const shard = { shardIndex: 5, createdAtMilliseconds: at('2015-01-06T18:30:35Z') }
    const later = { ...shard, createdAtMilliseconds: shard.createdAtMilliseconds + 1000 }
    const ordered = [
      startingSequenceNumber(shard),
      sequenceNumbers(shard, at('2020-01-01'))(1),
      sequenceNumbers(shard, at('2019-01-01'))(2),
      sequenceNumbers(shard, at('2019-01-01'))(99_999_999),
      startingSequenceNumber(later),
      sequenceNumbers(later, at('2016-01-01'))(1),
    ]
    expect(ordered).toEqual(ordered.toSorted())
    expect(new Set(ordered).size).toBe(ordered.length)
  })

  test.each([
    '',
    '5',
    '49'.padEnd(55, '0'),
    String(BigInt('0x20000000000800000000000000000000000000000000002')),
    String(BigInt('0x20000000000000000000000000000000000000000000001')),
    String(BigInt('0x30000000000000000000000000000000000000000000002')),
    '9'.repeat(56),
  ])('are not %j', (text) => {
    expect(parseSequenceNumber(text)).toBeUndefined()
  })
})

describe('hash keys', () => {
  test.each([1, 2, 3, 4, 7, 8, 100, 500])('are divided among %i shards without a gap', (shards) => {
    const route = shardRouter(shards)
    let next = 0n
    for (let index = 0; index < shards; index++) {
      const { first, last } = hashKeyRange(shards, index)
      expect(first).toBe(next)
      expect([route(first), route(last)]).toEqual([index, index])
      next = last + 1n
    }
    expect(next).toBe(2n ** 128n)
  })
})

test.each([
  { id: 'shardId-000000000007', index: 7 },
  { id: 'shardId-7', index: 7 },
  { id: 'anything-00007', index: 7 },
  { id: '7', index: 7 },
  { id: '2147483647', index: 2147483647 },
  { id: '2147483648', index: undefined },
  { id: 'shardId-', index: undefined },
  { id: '2.14E4', index: undefined },
  { id: 'x', index: undefined },
])('a shard id $id means $index', ({ id, index }) => {
  expect(shardIndexOf(id)).toBe(index)
})
