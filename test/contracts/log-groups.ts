import { describe, expect, test } from 'vitest'
import type { LogGroups, LogQuery } from '../../src/ports/log-groups.ts'
import type { CallOutput, CallReport } from '../../src/runtime/call-log.ts'

export interface CallWriter {
  write(logGroupName: string, report: CallReport, output: CallOutput): Promise<void>
}

interface Tested {
  logs: LogGroups
  calls: CallWriter
}

const NO_OUTPUT: CallOutput = { lines: [], exceptions: [], isTruncated: false }

/** A log group as it is read back, after calls were written into it. */
export function logGroupsContract(platform: string, tested: () => Tested): void {
  /** A call from `start`, a second long: START at its start, END and REPORT at its end. */
  async function write(group: string, stream: string, requestId: string, start: number) {
    const report: CallReport = {
      logStreamName: stream,
      requestId,
      loadingMark: 'ko2sss03iq7l2pdk',
      startedAtMilliseconds: start,
      endedAtMilliseconds: start + 1000,
      memorySizeMegabytes: 128,
      outcome: { kind: 'succeeded' },
    }
    await tested().calls.write(group, report, NO_OUTPUT)
  }

  async function read(group: string, query: Partial<LogQuery> = {}) {
    const events = await tested().logs.read(group, { limit: 100, ...query })
    return events?.map((event) => event.message.split('\t')[0]?.trim())
  }

  describe(`log groups on ${platform}`, () => {
    test('a group that nothing was written to is not there, and reading does not make it', async () => {
      expect(await read('/none')).toBeUndefined()
      expect(await read('/none')).toBeUndefined()
    })

    test('events come in the order of their times, interleaved over streams', async () => {
      await write('/order', 's1', 'a', 1000)
      await write('/order', 's2', 'b', 500)
      expect(await read('/order')).toEqual([
        'START RequestId: b',
        'START RequestId: a',
        'END RequestId: b',
        'REPORT RequestId: b',
        'END RequestId: a',
        'REPORT RequestId: a',
      ])
    })

    test.each<{ name: string; query: Partial<LogQuery>; expected: string[] }>([
      { name: 'a stream', query: { logStreamNames: ['s2'] }, expected: ['START b', 'END b'] },
      { name: 'a prefix', query: { logStreamNamePrefix: 's1' }, expected: ['START a', 'END a'] },
      { name: 'a start', query: { startMilliseconds: 1500 }, expected: ['END b', 'END a'] },
      { name: 'an end', query: { endMilliseconds: 1500 }, expected: ['START b', 'START a'] },
    ])('are cut by $name', async ({ name, query, expected }) => {
      const group = `/cut/${name}`
      await write(group, 's1', 'a', 1000)
      await write(group, 's2', 'b', 500)
      const messages = (await read(group, query)) ?? []
      expect(
        messages
          .filter((message) => message?.startsWith('REPORT') === false)
          .map((message) => message?.replace('RequestId: ', '')),
      ).toEqual(expected)
    })

    test('page after page gives every event once, forwards and backwards', async () => {
      for (const n of [1, 2, 3]) await write('/pages', 's', String(n), 1000)
      for (const isReversed of [false, true]) {
        const seen: string[] = []
        let after: LogQuery['after']
        for (;;) {
          const page = await tested().logs.read('/pages', { limit: 2, isReversed, after })
          if (page === undefined || page.length === 0) break
          seen.push(...page.map((event) => event.message))
          after = page.at(-1)
        }
        expect(seen).toHaveLength(9)
        expect(new Set(seen).size).toBe(9)
        expect(seen.at(isReversed ? -1 : 0)).toMatch(/^START/)
      }
    })
  })
}
