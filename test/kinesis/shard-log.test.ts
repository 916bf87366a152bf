import { describe, expect, test } from 'vitest'
import { memorySql } from '../../src/platform/memory/memory-sql.ts'
import { packRecords, unpackRecords } from '../../src/kinesis/storage/record-pack.ts'
import { sequenceNumbers } from '../../src/kinesis/storage/sequence-number.ts'
import { ShardLog } from '../../src/kinesis/storage/shard-log.ts'
import type { ShardPlace } from '../../src/ports/shards.ts'

const CREATED = Date.parse('2015-01-06T18:30:35.841Z')
const DAY = 24 * 60 * 60 * 1000
const SHARD = { shardIndex: 3, createdAtMilliseconds: CREATED }

/** Numbers that look random and are the same for the same seed (mulberry32). */
function randomOf(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below)
  }
}

interface Expected {
  key: string
  arrivedAt: number
}

/** What a shard holds, said so simply that it can hardly be wrong: a list, from index 1 on. */
function model() {
  const all: Expected[] = []
  return {
    all,
    from(place: ShardPlace, now: number): number {
      const firstKept = all.findIndex(({ arrivedAt }) => arrivedAt >= now - DAY)
      const kept = firstKept < 0 ? all.length : firstKept
      const wanted = () => {
        if (place.kind === 'at') return place.index - 1
        if (place.kind === 'latest') return all.length
        if (place.kind === 'trimHorizon') return 0
        if (place.kind === 'after') return Number(place.sequenceNumber)
        const since = all.findIndex(({ arrivedAt }) => arrivedAt >= place.atMilliseconds)
        return since < 0 ? all.length : since
      }
      return Math.min(Math.max(wanted(), kept), all.length)
    },
  }
}

test('a shard log is a list, whatever happens to it', () => {
  const firstSeed = Math.floor(performance.now() * 1000)
  for (let seed = firstSeed; seed < firstSeed + 60; seed++) {
    const random = randomOf(seed)
    const sql = memorySql()
    let log = new ShardLog(sql)
    log.open(CREATED)
    const { all, from } = model()
    let now = CREATED
    for (let step = 0; step < 30; step++) {
      const what = random(10)
      if (what < 4) {
        const length = [1, 2, 99, 100, 101, 250][random(6)] ?? 1
        const records = Array.from({ length }, (_, n) => ({
          partitionKey: `${step}/${n}`,
          data: 'A'.repeat(4 * random(random(20) === 0 ? 50_000 : 20)),
        }))
        const { firstIndex, arrivedAtMilliseconds } = log.append(packRecords(records), now)
        expect(firstIndex, `seed ${seed}`).toBe(all.length + 1)
        const newest = all.at(-1)?.arrivedAt ?? CREATED
        expect(arrivedAtMilliseconds, `seed ${seed}`).toBe(Math.max(now, newest))
        all.push(
          ...records.map((record) => ({
            key: record.partitionKey,
            arrivedAt: arrivedAtMilliseconds,
          })),
        )
      } else if (what === 4) now += random(DAY)
      // Clocks of machines are set back now and then.
      else if (what === 5) now -= random(1000)
      else if (what === 6) log.expire(now)
      else if (what === 7) log = new ShardLog(sql)
      else {
        const index = random(all.length + 2)
        const arrivedAt = all[index]?.arrivedAt ?? now
        const places: [ShardPlace, ShardPlace?][] = [
          [{ kind: 'trimHorizon' }],
          [{ kind: 'latest' }],
          [{ kind: 'at', index }],
          [{ kind: 'since', atMilliseconds: arrivedAt + random(3) - 1 }],
          [
            { kind: 'after', sequenceNumber: sequenceNumbers(SHARD, now)(index) },
            { kind: 'after', sequenceNumber: String(index) },
          ],
        ]
        const [place, modelled = place] = places[random(places.length)] ?? [{ kind: 'latest' }]
        const limit = 1 + random(300)
        const expected = from(modelled, now)
        expect(log.find(place, now), `seed ${seed}, ${JSON.stringify(place)}`).toBe(expected + 1)
        const { packs, fromIndex, nextIndex } = log.read(place, limit, Infinity, now)
        expect([fromIndex, nextIndex], `seed ${seed}`).toEqual([expected + 1, all.length + 1])
        const records = unpackRecords(SHARD, packs, fromIndex, limit)
        const wanted = all.slice(expected, expected + limit)
        expect(
          records.map(({ partitionKey, arrivedAtMilliseconds }) => ({
            key: partitionKey,
            arrivedAt: arrivedAtMilliseconds,
          })),
          `seed ${seed}, ${JSON.stringify(place)}, ${limit}`,
        ).toEqual(wanted)
        const numbers = records.map((record) => record.sequenceNumber)
        expect(numbers, `seed ${seed}`).toEqual(numbers.toSorted())
      }
    }
    sql.close()
  }
}, 60_000)

describe('a shard log', () => {
  function opened() {
    const sql = memorySql()
    const log = new ShardLog(sql)
    log.open(CREATED)
    const put = (key: string, now: number, data = '') =>
      log.append(packRecords([{ partitionKey: key, data }]), now)
    return { sql, log, put }
  }

  test('counts what it holds, also when it is opened again', () => {
    const { sql, log, put } = opened()
    put('a', CREATED, btoa('12345'))
    put('é', CREATED + 10)
    expect(log.state?.storedBytes).toBe(8)
    log.open(CREATED + 1)
    expect(new ShardLog(sql).state).toEqual(log.state)
    log.expire(CREATED + DAY + 1)
    expect(log.state?.storedBytes).toBe(2)
    expect(new ShardLog(sql).state).toEqual(log.state)
  })

  test('says when there is something to delete', () => {
    const { log, put } = opened()
    expect(log.expiresAt()).toBeUndefined()
    put('a', CREATED)
    put('b', CREATED + 10)
    expect(log.expire(CREATED + DAY)).toBe(CREATED + DAY + 1)
    expect(log.expire(CREATED + DAY + 1)).toBe(CREATED + DAY + 11)
    expect(log.expire(CREATED + DAY + 11)).toBeUndefined()
  })

  test('never uses an index twice, even when it holds nothing any more', () => {
    const { sql, log, put } = opened()
    put('a', CREATED)
    log.expire(CREATED + DAY + 1)
    const again = new ShardLog(sql)
    expect(again.append(packRecords([{ partitionKey: 'b', data: '' }]), CREATED)).toEqual({
      firstIndex: 2,
      arrivedAtMilliseconds: CREATED,
    })
  })

  test('deletes in parts', () => {
    const { log, put } = opened()
    for (let n = 0; n < 1001; n++) put('a', CREATED)
    const late = CREATED + DAY + 1
    expect(log.expire(late)).toBe(late)
    expect(log.state?.storedBytes).toBe(1)
    expect(log.expire(late)).toBeUndefined()
  })

  test('gives at least one pack, and not more than was asked for', () => {
    const { log, put } = opened()
    for (const key of ['a', 'b', 'c']) put(key, CREATED, btoa('x'.repeat(99)))
    const packs = (bytes: number) =>
      log.read({ kind: 'trimHorizon' }, 10, bytes, CREATED).packs.length
    expect([0, 1, 199, 200, 299, 300].map(packs)).toEqual([1, 1, 1, 2, 2, 3])
  })

  test('places numbers of earlier and later shards before and behind all of its own', () => {
    const { log, put } = opened()
    put('a', CREATED)
    put('b', CREATED)
    const find = (createdAtMilliseconds: number, index: number) => {
      const sequenceNumber = sequenceNumbers(
        { shardIndex: 3, createdAtMilliseconds },
        CREATED,
      )(index)
      return log.find({ kind: 'after', sequenceNumber }, CREATED)
    }
    expect(find(CREATED - 1000, 1)).toBe(1)
    expect(find(CREATED, 1)).toBe(2)
    expect(find(CREATED + 1000, 1)).toBe(3)
    expect(log.find({ kind: 'after', sequenceNumber: 'nonsense' }, CREATED)).toBe(1)
  })

  test('is nothing once it is closed', () => {
    const { sql, log, put } = opened()
    put('a', CREATED)
    log.close()
    log.close()
    expect([log.state, new ShardLog(sql).state]).toEqual([undefined, undefined])
    expect(() => put('a', CREATED)).toThrow('not open')
  })
})
