import { describe, expect, test } from 'vitest'
import { LogGroupActor } from '../../src/delivery/log-group-actor.ts'
import { memoryLogGroupIndex } from '../../src/platform/memory/memory-log-group-index.ts'
import { memorySql } from '../../src/platform/memory/memory-sql.ts'
import type { LogQuery } from '../../src/ports/log-groups.ts'
import type { Sql, SqlValue } from '../../src/ports/sql.ts'
import { fakeClock } from '../support/clock.ts'

const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR

interface Options {
  maxStoredBytes?: number
  sql?: Sql
}

/** A log group whose clock, alarm and index are in the hands of the test. */
function logGroup({ maxStoredBytes, sql = memorySql() }: Options = {}) {
  const clock = fakeClock()
  const index = memoryLogGroupIndex()
  let alarmAt = Infinity
  let refusals = 0
  const actor = new LogGroupActor({
    logGroupName: '/group',
    sql,
    alarm: { set: (at) => (alarmAt = at), clear: () => (alarmAt = Infinity) },
    index: {
      put: (record) => (refusals-- > 0 ? Promise.reject(new Error('429')) : index.put(record)),
      delete: (name) => (refusals-- > 0 ? Promise.reject(new Error('429')) : index.delete(name)),
    },
    now: clock.now,
    ...(maxStoredBytes === undefined ? {} : { maxStoredBytes }),
  })
  return {
    actor,
    sleeps: () => alarmAt === Infinity,
    refuse: (times: number) => (refusals = times),
    async listed() {
      return (await index.list('', 10)).records[0]
    },
    /** Lets time pass, with every alarm on the way. */
    async pass(milliseconds: number) {
      const end = clock.now() + milliseconds
      while (alarmAt <= end) {
        clock.advance(Math.max(alarmAt - clock.now(), 0))
        alarmAt = Infinity
        await actor.wake()
      }
      clock.advance(end - clock.now())
    },
    write(stream: string, ...messages: string[]) {
      const timestampMilliseconds = clock.now()
      const entries = messages.map((message) => ({ timestampMilliseconds, message }))
      actor.append([{ logStreamName: stream, entries }])
    },
    read(query: Partial<LogQuery> = {}) {
      const reading = actor.read({ limit: 10_000, ...query })
      return reading.kind === 'page' ? reading.events.map((event) => event.message) : reading.kind
    },
    streams() {
      const page = actor.streams({ orderBy: 'name', isReversed: false, limit: 50 })
      return page?.streams.map((stream) => stream.name)
    },
  }
}

/** A database that has no room for a message. */
function fullSql() {
  const stored = memorySql()
  let refused: string | undefined
  const sql: Sql = {
    all(statement, ...bindings) {
      const isInsert = statement.startsWith('INSERT INTO log_lines')
      if (isInsert && refused !== undefined && bindings.includes(refused)) throw new Error('full')
      return stored.all(statement, ...bindings)
    },
    transaction: (work) => stored.transaction(work),
  }
  return { sql, setFull: (message: string | undefined) => (refused = message) }
}

describe('a log group', () => {
  test('deletes what retention has expired, with its streams, and then sleeps', async () => {
    const group = logGroup()
    group.write('old', 'a', 'b')
    await group.actor.setRetention(1)
    await group.pass(DAY - 1)
    group.write('new', 'c')
    expect(group.read()).toEqual(['a', 'b', 'c'])
    await group.pass(2)
    expect(group.read()).toEqual(['c'])
    await group.pass(2 * HOUR)
    expect(group.streams()).toEqual(['new'])
    await group.pass(2 * DAY)
    expect(group.streams()).toEqual([])
    expect(await group.listed()).toMatchObject({ retentionDays: 1, storedBytes: 0 })
    expect(group.sleeps()).toBe(true)
  })

  test('that is made anew begins at its own time, not after the lines it had before', async () => {
    const group = logGroup()
    const firstAt = () =>
      group.actor.streams({ orderBy: 'name', isReversed: false, limit: 1 })?.streams[0]
        ?.firstEventMilliseconds
    group.write('s', 'a')
    const before = firstAt()
    await group.actor.delete()
    group.write('s', 'b')
    expect(firstAt()).toBe(before)
  })

  test('takes the lines of several streams at once, in their order, all or none', () => {
    const { sql, setFull } = fullSql()
    const group = logGroup({ sql })
    const partOf = (logStreamName: string) => ({
      logStreamName,
      entries: [{ timestampMilliseconds: 1, message: logStreamName }],
    })
    group.actor.append([partOf('b'), partOf('a'), partOf('b')])
    setFull('c')
    expect(() => group.actor.append([partOf('a'), partOf('c')])).toThrow('full')
    setFull(undefined)
    group.actor.append([partOf('d')])
    expect(group.read()).toEqual(['b', 'a', 'b', 'd'])
  })

  test('has lines that are written together at their own times, each stream in its order', () => {
    const group = logGroup()
    const partOf = (logStreamName: string, ...times: number[]) => ({
      logStreamName,
      entries: times.map((time) => ({ timestampMilliseconds: time, message: `${time}` })),
    })
    // The end of a call may be told after the next call of its stream has begun.
    group.actor.append([partOf('a', 1, 4), partOf('b', 2, 3), partOf('a', 3, 5)])
    const reading = group.actor.read({ limit: 10 })
    const events = reading.kind === 'page' ? reading.events : []
    const seen = events.map((one) => [one.logStreamName, one.message, one.timestampMilliseconds])
    expect(seen).toEqual([
      ['a', '1', 1],
      ['b', '2', 2],
      ['b', '3', 3],
      ['a', '4', 4],
      ['a', '3', 4],
      ['a', '5', 5],
    ])
    const page = group.actor.streams({ orderBy: 'name', isReversed: false, limit: 5 })
    expect(page?.streams).toMatchObject([
      { firstEventMilliseconds: 1, lastEventMilliseconds: 5 },
      { firstEventMilliseconds: 2, lastEventMilliseconds: 3 },
    ])
  })

  test('shows its size an hour after it changed, and then sleeps', async () => {
    const group = logGroup()
    group.write('s', 'four', '€')
    await group.pass(HOUR - 1)
    expect(await group.listed()).toMatchObject({ storedBytes: 0 })
    await group.pass(2)
    expect(await group.listed()).toMatchObject({ storedBytes: 4 + 3 + 2 * 26 })
    expect(group.sleeps()).toBe(true)
    group.write('s', 'four')
    await group.pass(2 * HOUR)
    expect(await group.listed()).toMatchObject({ storedBytes: 4 + 3 + 4 + 3 * 26 })
    expect(group.sleeps()).toBe(true)
  })

  test('loses its oldest lines, and no more than needed, when it grows too large', async () => {
    const group = logGroup({ maxStoredBytes: 10_000 })
    for (let n = 0; n < 11; n++) group.write(`s${n}`, String(n).padEnd(974, '.'))
    await group.pass(100)
    const kept = group.read()
    expect(Array.isArray(kept) ? kept.map((message) => parseInt(message)) : kept).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
    expect(group.streams()).not.toContain('s1')
    await group.pass(2 * HOUR)
    expect(await group.listed()).toMatchObject({ storedBytes: 9000 })
    expect(group.sleeps()).toBe(true)
  })

  test('deletes a great many lines a part at a time', async () => {
    const group = logGroup()
    for (let n = 0; n < 3; n++) group.write('s', ...Array<string>(9000).fill('line'))
    await group.actor.setRetention(1)
    await group.pass(DAY + 2 * HOUR)
    expect(group.read()).toEqual([])
    expect(await group.listed()).toMatchObject({ storedBytes: 0 })
  })

  test.each([1, 3])('tells the index again when it refuses %i times', async (times) => {
    const group = logGroup()
    group.refuse(times)
    expect(await group.actor.create()).toBe('created')
    expect(await group.listed()).toBeUndefined()
    await group.pass(5000)
    expect(await group.listed()).toMatchObject({ logGroupName: '/group' })
    group.refuse(times)
    expect(await group.actor.delete()).toBe('deleted')
    await group.pass(5000)
    expect(await group.listed()).toBeUndefined()
    expect(group.sleeps()).toBe(true)
  })

  test('made anew after its deletion knows nothing of what it was', async () => {
    const group = logGroup()
    group.write('s', 'a')
    await group.actor.setRetention(7)
    await group.actor.delete()
    expect(group.read()).toBe('noSuchGroup')
    expect(group.streams()).toBeUndefined()
    group.write('s', 'b')
    await group.pass(2 * HOUR)
    expect(group.read()).toEqual(['b'])
    const listed = await group.listed()
    expect(listed?.retentionDays).toBeUndefined()
    expect(listed?.storedBytes).toBe(27)
  })

  test('is found again by an actor that starts over the same storage', async () => {
    const sql = memorySql()
    const before = logGroup({ sql })
    before.write('s', 'a')
    await before.actor.setRetention(3)
    const after = logGroup({ sql })
    after.write('s', 'b')
    expect(after.read()).toEqual(['a', 'b'])
    expect(await after.actor.create()).toBe('existed')
  })
})

describe('reading', () => {
  const byKey = /SEARCH log_lines USING INTEGER PRIMARY KEY/
  const byStream =
    /SEARCH log_lines USING INDEX log_lines_stream \(stream=\? AND rowid>\? AND rowid<\?\)/

  test.each<{ name: string; query: Partial<LogQuery>; plan: RegExp }>([
    { name: 'everything', query: {}, plan: byKey },
    { name: 'backwards', query: { isReversed: true }, plan: byKey },
    {
      name: 'a time range',
      query: { startMilliseconds: 5, endMilliseconds: 10 ** 13 },
      plan: byKey,
    },
    { name: 'a stream', query: { streams: { names: ['s'] } }, plan: byStream },
    {
      name: 'a stream backwards',
      query: { streams: { names: ['s'] }, isReversed: true },
      plan: byStream,
    },
    { name: 'streams', query: { streams: { names: ['s', 't'] }, after: 7 }, plan: byStream },
    { name: 'a prefix', query: { streams: { prefix: 's' } }, plan: byStream },
  ])('$name goes by an index and sorts nothing', async ({ query, plan }) => {
    const { sql, plans } = explained()
    const group = logGroup({ sql })
    group.write('s', 'a')
    group.write('t', 'b')
    plans.length = 0
    group.read(query)
    expect(plans).toContainEqual(expect.stringMatching(plan))
    expect(plans.filter((step) => /SCAN|TEMP B-TREE/.test(step))).toEqual([])
    await group.actor.delete()
  })

  test.each(['name', 'lastEvent'] as const)('streams by %s goes by an index', (orderBy) => {
    const { sql, plans } = explained()
    const group = logGroup({ sql })
    group.write('s', 'a')
    plans.length = 0
    group.actor.streams({ orderBy, isReversed: true, limit: 5 })
    group.actor.streams({ orderBy, isReversed: false, limit: 5, after: '1' })
    expect(plans.filter((step) => /SCAN|TEMP B-TREE/.test(step))).toEqual([])
  })

  test('a rare text in a large group ends after a part of it, and goes on from there', () => {
    const group = logGroup()
    for (let n = 0; n < 50; n++) group.write('s', 'x'.repeat(200_000))
    group.write('s', 'needle')
    const pattern = { allOf: ['needle'], noneOf: [], anyOf: [] }
    const first = group.actor.read({ limit: 10, pattern })
    if (first.kind !== 'page') throw new Error(first.kind)
    expect(first.events).toEqual([])
    expect(group.read({ pattern, after: first.next })).toEqual(['needle'])
  })

  test('a prefix of very many streams gives them all, and theirs only', () => {
    const group = logGroup()
    for (let n = 0; n < 250; n++) group.write(n % 2 === 0 ? `s${n}` : `t${n}`, String(n))
    expect(group.read({ streams: { prefix: 's' } })).toEqual(
      Array.from({ length: 125 }, (_, n) => String(2 * n)),
    )
  })
})

/** A database that tells how it goes about each question about lines and streams. */
function explained() {
  const sql = memorySql()
  const plans: string[] = []
  return {
    plans,
    sql: {
      ...sql,
      all(statement: string, ...bindings: SqlValue[]) {
        if (/^\s*SELECT.*FROM log_(lines|streams)/s.test(statement)) {
          const steps = sql.all(`EXPLAIN QUERY PLAN ${statement}`, ...bindings)
          plans.push(...steps.map((step) => String(step.detail)))
        }
        return sql.all(statement, ...bindings)
      },
    },
  }
}

describe('a log group whose first lines could not be stored', () => {
  test('is not there, and is made by the next ones', () => {
    const memory = memorySql()
    let isFull = true
    const sql: Sql = {
      ...memory,
      all(statement, ...bindings) {
        if (isFull && statement.startsWith('INSERT INTO log_lines')) throw new Error('full')
        return memory.all(statement, ...bindings)
      },
    }
    const group = logGroup({ sql })
    expect(() => group.write('stream', 'lost')).toThrow('full')
    expect(group.read()).toBe('noSuchGroup')
    isFull = false
    group.write('stream', 'kept')
    expect(group.read()).toEqual(['kept'])
  })
})
