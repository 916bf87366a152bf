import { describe, expect, test } from 'vitest'
import type { LogGroupIndex } from '../../src/ports/log-group-index.ts'
import type { LogGroupRegistry } from '../../src/ports/log-group-registry.ts'
import type { LogEvent, LogGroups, LogQuery, LogStreamQuery } from '../../src/ports/log-groups.ts'
import { NO_OUTPUT, type CallOutput, type CallReport } from '../../src/runtime/call-log.ts'
import { until } from '../support/local-gateway.ts'

export interface CallWriter {
  /** Without output the call never ran. */
  write(logGroupName: string, report: CallReport, output?: CallOutput): Promise<void>
}

interface Tested {
  logs: LogGroups
  logRegistry: LogGroupRegistry
  logIndex: Pick<LogGroupIndex, 'list'>
  calls: CallWriter
}

interface Call {
  stream?: string
  requestId: string
  /** Seconds before now. */
  startedAgo: number
  seconds?: number
  lines?: string[]
}

/** A log group as it is read back, after calls were written into it. */
export function logGroupsContract(platform: string, tested: () => Tested): void {
  const now = Date.now()
  const at = (secondsAgo: number) => now - secondsAgo * 1000

  async function write(group: string, call: Call): Promise<void> {
    const { stream = 's', requestId, startedAgo, seconds = 1, lines = [] } = call
    const report: CallReport = {
      logStreamName: stream,
      requestId,
      loadingMark: 'ko2sss03iq7l2pdk',
      startedAtMilliseconds: at(startedAgo),
      endedAtMilliseconds: at(startedAgo - seconds),
      memorySizeMegabytes: 128,
      outcome: { kind: 'succeeded' },
    }
    const entries = lines.map((message) => ({ timestampMilliseconds: at(startedAgo), message }))
    const output = lines.length === 0 ? undefined : { ...NO_OUTPUT, lines: entries }
    await tested().calls.write(group, report, output)
  }

  /** Two quick calls, a slow one that began before them, and one more. */
  async function writeFour(group: string): Promise<void> {
    await write(group, { stream: 's1', requestId: 'a', startedAgo: 100 })
    await write(group, { stream: 's2', requestId: 'b', startedAgo: 90 })
    await write(group, { stream: 's3', requestId: 'slow', startedAgo: 200, seconds: 110 })
    await write(group, { stream: 's1', requestId: 'd', startedAgo: 50 })
  }

  async function page(group: string, query: Partial<LogQuery> = {}) {
    const reading = await tested().logs.read(group, { limit: 100, ...query })
    if (reading.kind !== 'page') throw new Error(reading.kind)
    return reading
  }

  async function read(group: string, query: Partial<LogQuery> = {}) {
    return (await page(group, query)).events.map(brief)
  }

  describe(`log groups on ${platform}`, () => {
    test('a group that nobody made is not there, and looking at it does not make it', async () => {
      for (let round = 0; round < 2; round++) {
        expect(await tested().logs.read('/none', { limit: 1 })).toEqual({ kind: 'noSuchGroup' })
        const byName: LogStreamQuery = { orderBy: 'name', isReversed: false, limit: 1 }
        expect(await tested().logs.streams('/none', byName)).toBeUndefined()
        expect(await tested().logRegistry.delete('/none')).toBe('noSuchGroup')
        expect(await tested().logRegistry.setRetention('/none', 1)).toBe('noSuchGroup')
      }
      expect(await tested().logIndex.list('/none', 10)).toEqual({ records: [] })
    })

    test('each call’s lines stand together, in the order in which the calls ended', async () => {
      await writeFour('/order')
      const { events } = await page('/order')
      expect(events.map(brief)).toEqual(['a', 'b', 'slow', 'd'].flatMap(callOf))
      const times = events.map((event) => event.timestampMilliseconds)
      expect(times).toEqual([...times].sort((a, b) => a - b))
    })

    test('lines keep their times, but none appears behind what was there before', async () => {
      await writeFour('/times')
      const { events } = await page('/times')
      const seconds = events.map(({ timestampMilliseconds: time }) =>
        Math.ceil((now - time) / 1000),
      )
      expect(seconds.slice(0, 6)).toEqual([100, 99, 99, 90, 89, 89])
      const [endOfB, startOfSlow] = [events[5], events[6]]
      expect(startOfSlow?.timestampMilliseconds).toBe((endOfB?.timestampMilliseconds ?? 0) + 1)
      expect(seconds.slice(9)).toEqual([50, 49, 49])
    })

    test.each<{ name: string; query: Partial<LogQuery>; expected: string[] }>([
      { name: 'one stream', query: { streams: { names: ['s2'] } }, expected: ['b'] },
      { name: 'streams', query: { streams: { names: ['s3', 's2'] } }, expected: ['b', 'slow'] },
      { name: 'a prefix', query: { streams: { prefix: 's1' } }, expected: ['a', 'd'] },
      { name: 'a prefix of none', query: { streams: { prefix: 'x' } }, expected: [] },
      { name: 'a start', query: { startMilliseconds: at(90) }, expected: ['b', 'slow', 'd'] },
      { name: 'an end', query: { endMilliseconds: at(90) }, expected: ['a'] },
      {
        name: 'a stream and a start',
        query: { streams: { names: ['s1'] }, startMilliseconds: at(90) },
        expected: ['d'],
      },
      {
        name: 'an instant',
        query: { startMilliseconds: at(100), endMilliseconds: at(100) },
        expected: [],
      },
    ])('are cut by $name', async ({ name, query, expected }) => {
      await writeFour(`/cut/${name}`)
      expect(await read(`/cut/${name}`, query)).toEqual(expected.flatMap(callOf))
      const reversed = await read(`/cut/${name}`, { ...query, isReversed: true })
      expect(reversed.reverse()).toEqual(expected.flatMap(callOf))
    })

    test('an unknown stream is told from an empty answer', async () => {
      await write('/unknown', { requestId: 'a', startedAgo: 9 })
      const streams = { names: ['s', 'other'] }
      expect(await tested().logs.read('/unknown', { streams, limit: 1 })).toEqual({
        kind: 'noSuchStream',
      })
    })

    test('match a pattern of texts, of which any that is wanted must be there', async () => {
      await write('/match', {
        requestId: 'a',
        startedAgo: 9,
        lines: ['one two', 'two three', 'Three'],
      })
      const pattern = { allOf: ['two'], noneOf: ['one'], anyOf: [] }
      expect(await read('/match', { pattern })).toEqual(['two three'])
      const either = { allOf: [], noneOf: [], anyOf: ['one', 'Three'] }
      expect(await read('/match', { pattern: either })).toEqual(['one two', 'Three'])
    })

    test.each<Partial<LogQuery>>([
      {},
      { streams: { names: ['s2'] } },
      { streams: { prefix: 's' } },
      { pattern: { allOf: ['E'], noneOf: [], anyOf: [] } },
    ])('page after page gives every event once, forwards and backwards: %j', async (query) => {
      const group = `/pages/${JSON.stringify(query).length}`
      await writeFour(group)
      const whole = (await page(group, query)).events.map((event) => event.id)
      for (const isReversed of [false, true]) {
        const seen: number[] = []
        let after: number | undefined
        do {
          const { events, next } = await page(group, { ...query, limit: 2, isReversed, after })
          seen.push(...events.map((event) => event.id))
          after = next
        } while (after !== undefined)
        expect(isReversed ? seen.reverse() : seen).toEqual(whole)
      }
      expect(whole.length).toBeGreaterThan(2)
    })

    test('pages end at 1 MB', async () => {
      const lines = Array.from({ length: 9 }, (_, n) => `${n}${'€'.repeat(60_000)}`)
      await write('/large', { requestId: 'a', startedAgo: 9, lines })
      const { events, next } = await page('/large')
      expect(events).toHaveLength(6)
      expect((await page('/large', { after: next })).events).toHaveLength(6)
    })

    test('a call of many lines is kept whole, and one line is at most 256 KB', async () => {
      const lines = Array.from({ length: 5000 }, (_, n) => `line ${n}`)
      await write('/many', {
        requestId: 'a',
        startedAgo: 9,
        lines: [...lines, 'x'.repeat(400_000)],
      })
      const { events } = await page('/many', { limit: 10_000 })
      expect(events.slice(1, 5001).map(brief)).toEqual(lines)
      expect(events[5001]?.message).toHaveLength(256 * 1024 - 26)
      expect(new Set(events.map((event) => event.id)).size).toBe(5004)
    })

    test('a line with a NUL in it is kept, but for the NUL', async () => {
      await write('/nul', { requestId: 'a', startedAgo: 9, lines: ['A\0B'] })
      const { events } = await page('/nul')
      expect(events.map(brief)).toContain('A\ufffdB')
    })

    test('streams are listed by name or by their last event, page by page', async () => {
      await writeFour('/streams')
      const byName: LogStreamQuery = { orderBy: 'name', isReversed: false, limit: 10 }
      const all = await tested().logs.streams('/streams', byName)
      expect(all).toEqual({
        streams: [
          expect.objectContaining({
            name: 's1',
            createdMilliseconds: at(100),
            firstEventMilliseconds: at(100),
            lastEventMilliseconds: at(49),
          }),
          expect.objectContaining({ name: 's2', lastEventMilliseconds: at(89) }),
          expect.objectContaining({ name: 's3' }),
        ],
      })
      const ingested = all?.streams.map((stream) => stream.lastIngestionMilliseconds) ?? []
      expect(Math.min(...ingested)).toBeGreaterThanOrEqual(now)

      async function names(query: Partial<LogStreamQuery>): Promise<string[]> {
        const found: string[] = []
        let after: string | undefined
        do {
          const next = await tested().logs.streams('/streams', { ...byName, ...query, after })
          found.push(...(next?.streams.map((stream) => stream.name) ?? []))
          after = next?.next
        } while (after !== undefined)
        return found
      }
      for (const limit of [1, 2, 3]) {
        expect(await names({ limit })).toEqual(['s1', 's2', 's3'])
        expect(await names({ limit, isReversed: true })).toEqual(['s3', 's2', 's1'])
        expect(await names({ limit, orderBy: 'lastEvent' })).toEqual(['s2', 's3', 's1'])
        expect(await names({ limit, orderBy: 'lastEvent', isReversed: true })).toEqual([
          's1',
          's3',
          's2',
        ])
      }
      expect(await names({ prefix: 's2' })).toEqual(['s2'])
      expect(await names({ prefix: 's', isReversed: true, limit: 1 })).toEqual(['s3', 's2', 's1'])
    })

    test('a group is in the index from its first line on, until it is deleted', async () => {
      await write('/index/by-line', { requestId: 'a', startedAgo: 9 })
      expect(await tested().logRegistry.create('/index/by-hand')).toBe('created')
      expect(await tested().logRegistry.create('/index/by-hand')).toBe('existed')
      const listed = () => tested().logIndex.list('/index/', 10)
      await until(async () => (await listed()).records.length === 2)
      const created = { createdMilliseconds: expect.any(Number), storedBytes: 0 }
      expect(await listed()).toEqual({
        records: [
          { logGroupName: '/index/by-hand', ...created },
          { logGroupName: '/index/by-line', ...created },
        ],
      })
      expect(await read('/index/by-hand')).toEqual([])
      expect(await tested().logRegistry.delete('/index/by-line')).toBe('deleted')
      expect(await tested().logRegistry.delete('/index/by-line')).toBe('noSuchGroup')
      await until(async () => (await listed()).records.length === 1)
      await write('/index/by-line', { requestId: 'b', startedAgo: 8 })
      expect(await read('/index/by-line')).toEqual(callOf('b'))
      await until(async () => (await listed()).records.length === 2)
    })

    test('the index lists page by page', async () => {
      const names = ['/listed/1', '/listed/2', '/listed/3']
      for (const name of names) await tested().logRegistry.create(name)
      const first = await tested().logIndex.list('/listed/', 2)
      const second = await tested().logIndex.list('/listed/', 2, first.cursor)
      const records = [...first.records, ...second.records]
      expect(records.map((record) => record.logGroupName)).toEqual(names)
      expect(second.cursor).toBeUndefined()
    })

    test('what retention has expired is gone at once, and the policy is in the index', async () => {
      await write('/retention', { requestId: 'old', startedAgo: 25 * 60 * 60 })
      await write('/retention', { requestId: 'new', startedAgo: 9 })
      expect(await tested().logRegistry.setRetention('/retention', 1)).toBe('set')
      expect(await read('/retention')).toEqual(callOf('new'))
      const record = async () => (await tested().logIndex.list('/retention', 1)).records[0]
      await until(async () => (await record())?.retentionDays === 1)
      expect(await tested().logRegistry.setRetention('/retention', undefined)).toBe('set')
      await until(async () => (await record())?.retentionDays === undefined)
    })
  })
}

function callOf(requestId: string): string[] {
  return ['START', 'END', 'REPORT'].map((word) => `${word} RequestId: ${requestId}`)
}

/** A function's own line without its time and id, Lambda's without the figures. */
function brief({ message }: LogEvent): string {
  const parts = message.trimEnd().split('\t')
  return (message.startsWith('REPORT') ? parts[0] : parts.at(-1)) ?? ''
}
