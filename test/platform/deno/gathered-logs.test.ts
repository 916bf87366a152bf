import { describe, expect, test, vi } from 'vitest'
import { GatheredLogs } from '../../../src/platform/deno/gathered-logs.ts'
import type { LogPart } from '../../../src/ports/log-groups.ts'

const lines = (count: number, word: string): LogPart => ({
  logStreamName: 's',
  entries: Array.from({ length: count }, (_, n) => ({
    timestampMilliseconds: n,
    message: `${word} ${n}`,
  })),
})
const messages = (parts: readonly LogPart[]) =>
  parts.flatMap(({ entries }) => entries.map(({ message }) => message))

test('lines of calls that end together are stored at once', async () => {
  const stored: (readonly LogPart[])[] = []
  const logs = new GatheredLogs((_, parts) => void stored.push(parts))
  const appended = [logs.append('/g', lines(4, 'a')), logs.append('/g', lines(4, 'b'))]
  await Promise.all(appended)
  expect(stored).toEqual([[lines(4, 'a'), lines(4, 'b')]])
})

describe('Of very many lines', () => {
  /** Each of `stored` took 4 ms; `waited` has what there was between them. */
  function slowLogs() {
    const stored: string[][] = []
    const waited: number[] = []
    let milliseconds = 0
    const time = {
      now: () => milliseconds,
      wait(span: number) {
        waited.push(span)
        return Promise.resolve()
      },
    }
    const store = (_: string, parts: readonly LogPart[]) => {
      stored.push(messages(parts))
      milliseconds += 4
    }
    return { stored, waited, logs: new GatheredLogs(store, time) }
  }

  test('few are stored at a time, in their order, and others have most of the time', async () => {
    const { stored, waited, logs } = slowLogs()
    const first = logs.append('/g', lines(500, 'a'))
    const second = logs.append('/g', lines(3, 'b'))
    await first
    await logs.append('/g', lines(1, 'c'))
    await second
    expect(stored.map(({ length }) => length)).toEqual([200, 200, 103, 1])
    const all = messages([lines(500, 'a'), lines(3, 'b'), lines(1, 'c')])
    expect(stored.flat()).toEqual(all)
    expect(waited).toEqual([10, 12, 12, 12])
  })

  test('those of one group do not keep another waiting', async () => {
    const { stored, logs } = slowLogs()
    void logs.append('/much', lines(500, 'a'))
    void logs.append('/little', lines(3, 'b'))
    await logs.written()
    expect(stored.map(([first, ...rest]) => `${first} and ${rest.length}`)).toEqual([
      'a 0 and 199',
      'b 0 and 2',
      'a 200 and 199',
      'a 400 and 99',
    ])
  })

  test('so many may wait to be stored that no more should come of a group that has much of it', async () => {
    const { logs } = slowLogs()
    void logs.append('/much', lines(9800, 'a'))
    void logs.append('/little', lines(200, 'b'))
    expect(logs.isBehind('/much')).toBe(false)
    void logs.append('/much', lines(1, 'c'))
    expect(logs.isBehind('/much')).toBe(true)
    expect(logs.isBehind('/little')).toBe(false)
    await logs.written()
    expect(logs.isBehind('/much')).toBe(false)
  })

  test('all are stored at once when the gateway ends', async () => {
    const { waited, logs } = slowLogs()
    logs.hurry()
    await logs.append('/g', lines(500, 'a'))
    expect(waited).toEqual([10, 0, 0])
  })
})

test('what cannot be stored is told, and the rest is stored', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const stored: string[] = []
  const logs = new GatheredLogs((group, parts) => {
    if (group === '/full') throw new Error('full')
    stored.push(...messages(parts))
  })
  void logs.append('/full', lines(1, 'a'))
  void logs.append('/g', lines(1, 'b'))
  await logs.written()
  expect(stored).toEqual(['b 0'])
  expect(told).toHaveBeenCalledOnce()
  told.mockRestore()
})
