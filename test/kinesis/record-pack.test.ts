import { expect, test } from 'vitest'
import { packRecords, recordBytes, unpackRecords } from '../../src/kinesis/storage/record-pack.ts'

const SHARD = { shardIndex: 0, createdAtMilliseconds: 0 }
const MEGABYTE = Buffer.alloc(1024 * 1024).toString('base64')

test.each([
  { name: 'plain', keys: ['a', 'b'] },
  { name: 'what JSON escapes', keys: ['"', '\\', '\n', '\u0000', '\u2028'] },
  {
    name: 'what is not ASCII',
    keys: ['é', '日本', '💧', '\u007f', '\u0080', '\ud800', '</script>'],
  },
])('records come out as they went in: $name', ({ keys }) => {
  const records = keys.map((partitionKey) => ({ partitionKey, data: btoa('x') }))
  const packs = packRecords(records)
  expect(packs).toHaveLength(1)
  expect(packs[0]?.body).toMatch(/^[ -\x7f]*$/)
  const stored = packs.map(({ body }) => ({ firstIndex: 1, arrivedAtMilliseconds: 0, body }))
  const unpacked = unpackRecords(SHARD, stored, 1, 100)
  expect(unpacked.map(({ partitionKey, data }) => ({ partitionKey, data }))).toEqual(records)
})

test.each([
  { data: '', bytes: 1 },
  { data: btoa('1'), bytes: 2 },
  { data: btoa('12'), bytes: 3 },
  { data: btoa('123'), bytes: 4 },
])('a record of $data has $bytes bytes', ({ data, bytes }) => {
  expect(recordBytes({ partitionKey: 'a', data })).toBe(bytes)
  expect(recordBytes({ partitionKey: '💧', data })).toBe(bytes + 3)
})

test('packs hold a hundred records at most, and fit a row of 2 MB', () => {
  const small = Array.from({ length: 250 }, () => ({ partitionKey: 'a', data: '' }))
  expect(packRecords(small).map((pack) => pack.records)).toEqual([100, 100, 50])
  expect(packRecords(small).map((pack) => pack.bytes)).toEqual([100, 100, 50])
  const large = { partitionKey: '\u0001'.repeat(256), data: MEGABYTE }
  const mixed = packRecords([...small.slice(0, 2), large, large, ...small.slice(0, 3)])
  expect(mixed.map((pack) => pack.records)).toEqual([2, 1, 1, 3])
  expect(Math.max(...mixed.map((pack) => pack.body.length))).toBeLessThan(2_000_000)
  expect(packRecords([])).toEqual([])
})
