import { describe, expect, test } from 'vitest'
import type { Ports } from '../../src/ports/ports.ts'
import type { ShardPosition } from '../../src/ports/stream-reader.ts'
import type { IndexedStream } from '../../src/ports/stream-index.ts'
import { putIntoShards } from '../../src/kinesis/put-into-shards.ts'
import { until } from '../support/local-gateway.ts'

type Tested = Pick<
  Ports,
  | 'streams'
  | 'shards'
  | 'knownStreams'
  | 'streamIndex'
  | 'streamReader'
  | 'streamWakes'
  | 'settings'
>

const FIRST = 'shardId-000000000000'
const SECOND = 'shardId-000000000001'
const START: ShardPosition = { kind: 'trimHorizon' }

/** Own streams, read as pumps read them. */
export function streamReaderContract(platform: string, tested: () => Tested): void {
  /** Puts texts into the first shard, or another one; answers their sequence numbers. */
  async function put(streamName: string, texts: string[], hashKey = '0'): Promise<string[]> {
    const records = texts.map((text) => ({
      partitionKey: text,
      data: Buffer.from(text).toString('base64'),
      explicitHashKey: hashKey,
    }))
    const outcomes = await putIntoShards(tested(), streamName, records)
    return outcomes.map((outcome) => {
      if (outcome.kind !== 'stored') throw new Error(outcome.kind)
      return outcome.sequenceNumber
    })
  }

  async function read(streamName: string, position = START, limit = 100, shardId = FIRST) {
    const answer = await tested().streamReader.read(streamName, shardId, position, limit)
    if (answer.kind !== 'records') throw new Error(answer.kind)
    return answer
  }

  async function keys(streamName: string, position = START, limit = 100, shardId = FIRST) {
    const { records } = await read(streamName, position, limit, shardId)
    return records.map((record) => record.partitionKey)
  }

  describe(`own streams on ${platform}`, () => {
    test('a stream that nobody made is not there', async () => {
      const { streamReader } = tested()
      expect(await streamReader.shards('none')).toBeUndefined()
      expect(await streamReader.latest('none', FIRST)).toBeUndefined()
      expect(await streamReader.read('none', FIRST, START, 1)).toEqual({ kind: 'gone' })
      expect(await streamReader.subscribe('none', FIRST, 'pump', true)).toBeUndefined()
      await expect(put('none', ['a'])).rejects.toThrow(/none under account .* not found/)
      expect(await tested().streams.delete('none')).toBe('noSuchStream')
    })

    test('has the shards it was made with', async () => {
      expect(await tested().streams.create('two', 2)).toBe('created')
      expect(await tested().streams.create('two', 3)).toBe('existed')
      expect(await tested().streamReader.shards('two')).toEqual([
        { shardId: FIRST, parentShardIds: [] },
        { shardId: SECOND, parentShardIds: [] },
      ])
      expect(await read('two')).toEqual({
        kind: 'records',
        records: [],
        hasMore: false,
        isEnd: false,
        incarnation: (await tested().streams.find('two'))?.incarnation,
      })
      expect(await tested().streamReader.read('two', 'shardId-000000000002', START, 1)).toEqual({
        kind: 'gone',
      })
    })

    test('gives every record as it was put, in order, from wherever one goes on', async () => {
      await tested().streams.create('order', 2)
      const before = Date.now()
      const numbers = await put('order', ['a', 'é', '💧', 'a'])
      numbers.push(...(await put('order', ['e'])))
      await put('order', ['other'], String(2n ** 128n - 1n))
      expect(numbers).toEqual(numbers.toSorted())
      expect(new Set(numbers).size).toBe(5)
      expect(numbers.every((number) => /^49\d{54}$/.test(number))).toBe(true)
      const { records } = await read('order')
      expect(records.map((record) => record.sequenceNumber)).toEqual(numbers)
      expect(records[2]).toEqual({
        sequenceNumber: numbers[2],
        partitionKey: '💧',
        data: '8J+Spw==',
        arrivedAtMilliseconds: expect.any(Number),
      })
      expect(records[0]?.arrivedAtMilliseconds).toBeGreaterThanOrEqual(before)
      const all = ['a', 'é', '💧', 'a', 'e']
      for (const [at, sequenceNumber] of numbers.entries()) {
        expect(await keys('order', { kind: 'after', sequenceNumber })).toEqual(all.slice(at + 1))
      }
      expect(await keys('order', START, 100, SECOND)).toEqual(['other'])
    })

    test('reads page by page and tells whether there is more', async () => {
      await tested().streams.create('pages', 1)
      const all = Array.from({ length: 450 }, (_, n) => `key ${n}`)
      await put('pages', all)
      for (const limit of [1, 99, 100, 101, 449, 450, 451]) {
        const seen: string[] = []
        let position: ShardPosition = START
        let hasMore = true
        for (let page = 0; hasMore && page < 5; page++) {
          const answer = await read('pages', position, limit)
          expect(answer.records.length).toBe(Math.min(limit, all.length - seen.length))
          seen.push(...answer.records.map((record) => record.partitionKey))
          const last = answer.records.at(-1)?.sequenceNumber ?? ''
          position = { kind: 'after', sequenceNumber: last }
          hasMore = answer.hasMore
          expect(hasMore).toBe(seen.length < all.length)
        }
        expect(seen).toEqual(all.slice(0, seen.length))
      }
    })

    test('the latest position is behind everything that was put, in an empty shard too', async () => {
      await tested().streams.create('latest', 1)
      const empty = await tested().streamReader.latest('latest', FIRST)
      await put('latest', ['a'])
      const behindA = await tested().streamReader.latest('latest', FIRST)
      await put('latest', ['b', 'c'])
      expect(await keys('latest', empty)).toEqual(['a', 'b', 'c'])
      expect(await keys('latest', behindA)).toEqual(['b', 'c'])
      expect(await tested().streamReader.latest('latest', SECOND)).toBeUndefined()
    })

    test('reads what arrived since a time', async () => {
      await tested().streams.create('since', 1)
      await put('since', ['a'])
      const [a] = (await read('since')).records
      const arrived = a?.arrivedAtMilliseconds ?? 0
      expect(await keys('since', { kind: 'since', atMilliseconds: arrived })).toEqual(['a'])
      expect(await keys('since', { kind: 'since', atMilliseconds: arrived + 1 })).toEqual([])
      expect(await keys('since', { kind: 'since', atMilliseconds: 0 })).toEqual(['a'])
    })

    test('a read of large records ends early, and never with nothing', async () => {
      await tested().streams.create('large', 1)
      const data = btoa('x'.repeat(1024 * 1024))
      const records = Array.from({ length: 5 }, (_, n) => {
        return { partitionKey: `${n}`, data, explicitHashKey: '0' }
      })
      await putIntoShards(tested(), 'large', records)
      const first = await read('large')
      expect(first.hasMore).toBe(true)
      expect(first.records.length).toBe(3)
      expect(first.records[0]?.data.length).toBe(data.length)
      const sequenceNumber = first.records[2]?.sequenceNumber ?? ''
      expect(await keys('large', { kind: 'after', sequenceNumber })).toEqual(['3', '4'])
    })

    test('whoever subscribes is named to those who put', async () => {
      const { streams, streamReader, streamWakes, shards } = tested()
      await streams.create('wake', 2)
      const stream = await streams.find('wake')
      if (stream === undefined) throw new Error('no stream')
      for (const pump of ['p1', 'p2', 'p2']) {
        const incarnation = await streamReader.subscribe('wake', FIRST, pump, true)
        expect(incarnation).toBe(stream.incarnation)
      }
      const pack = { records: 1, bytes: 1, body: '["a",""]' }
      const pumps = async (shardIndex: number) => {
        const answer = await shards.put({ ...stream, shardIndex }, [pack])
        return answer.kind === 'stored' ? answer.pumps : answer.kind
      }
      expect(await pumps(0)).toEqual(['p1', 'p2'])
      expect(await pumps(1)).toEqual([])
      await streamReader.subscribe('wake', FIRST, 'p1', false)
      await streamReader.subscribe('wake', FIRST, 'p3', false)
      expect(await pumps(0)).toEqual(['p2'])
      await expect(streamWakes.send(['p2'])).resolves.toBeUndefined()
    })

    test('streams are in the index from their creation until they are deleted', async () => {
      const { streams, streamIndex } = tested()
      const names = ['listed-1', 'listed-2', 'listed-3']
      for (const name of names.toReversed()) await streams.create(name, 1)
      async function listed(limit: number): Promise<string[]> {
        const found: IndexedStream[] = []
        let cursor: string | undefined
        do {
          const page = await streamIndex.list(limit, cursor)
          expect(page.streams.length).toBeLessThanOrEqual(limit)
          found.push(...page.streams)
          cursor = page.cursor
        } while (cursor !== undefined)
        return found.map((stream) => stream.streamName).filter((name) => name.startsWith('listed-'))
      }
      for (const limit of [1, 2, 1000]) expect(await listed(limit)).toEqual(names)
      await streams.delete('listed-2')
      await until(async () => (await listed(1000)).length === 2)
      expect(await listed(1)).toEqual(['listed-1', 'listed-3'])
    })

    test('a stream made anew has nothing of the one before, and is read from its begin', async () => {
      const { streams, streamReader } = tested()
      await streams.create('again', 2)
      const old = await put('again', ['a', 'b', 'c'])
      const { incarnation } = await read('again')
      expect(await streams.delete('again')).toBe('deleted')
      expect(await streams.find('again')).toBeUndefined()
      expect(await streamReader.read('again', FIRST, START, 9)).toEqual({ kind: 'gone' })
      expect(await streamReader.shards('again')).toBeUndefined()
      await expect(put('again', ['x'])).rejects.toThrow('not found')
      expect(await streams.create('again', 1)).toBe('created')
      const [d = ''] = await put('again', ['d'])
      expect(d > (old[2] ?? '')).toBe(true)
      expect(await keys('again')).toEqual(['d'])
      expect((await read('again')).incarnation).not.toBe(incarnation)
      // A reader that was far ahead in the old stream misses nothing of the new one.
      expect(await keys('again', { kind: 'after', sequenceNumber: old[2] ?? '' })).toEqual(['d'])
      expect(await streamReader.shards('again')).toHaveLength(1)
    })

    test('a shard that was removed answers nothing but that it is gone', async () => {
      const { streams, shards } = tested()
      await streams.create('gone', 1)
      const stream = await streams.find('gone')
      if (stream === undefined) throw new Error('no stream')
      const key = { ...stream, shardIndex: 0 }
      await streams.delete('gone')
      const pack = { records: 1, bytes: 1, body: '["a",""]' }
      for (let round = 0; round < 2; round++) {
        expect(await shards.put(key, [pack])).toEqual({ kind: 'gone' })
        expect(await shards.read(key, START, 1, 1)).toEqual({ kind: 'gone' })
        expect(await shards.find(key, { kind: 'latest' })).toEqual({ kind: 'gone' })
        expect(await shards.subscribe(key, 'p', true)).toEqual({ kind: 'gone' })
      }
    })
  })
}
