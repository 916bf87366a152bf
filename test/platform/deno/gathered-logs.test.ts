import { expect, test, vi } from 'vitest'
import { gatheredLogs } from '../../../src/platform/deno/gathered-logs.ts'
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
  const logs = gatheredLogs((_, parts) => void stored.push(parts))
  const appended = [logs.append('/g', lines(4, 'a')), logs.append('/g', lines(4, 'b'))]
  await Promise.all(appended)
  expect(stored).toEqual([[lines(4, 'a'), lines(4, 'b')]])
})

test('of very many lines few are stored at a time, in their order, and others have their turns', async () => {
  const stored: string[][] = []
  let turns = 0
  const logs = gatheredLogs((_, parts) => {
    stored.push(messages(parts))
    setImmediate(() => turns++)
  })
  const first = logs.append('/g', lines(1200, 'a'))
  const second = logs.append('/g', lines(3, 'b'))
  await first
  await logs.append('/g', lines(1, 'c'))
  await second
  expect(stored.map(({ length }) => length)).toEqual([500, 500, 203, 1])
  const all = [...messages([lines(1200, 'a'), lines(3, 'b'), lines(1, 'c')])]
  expect(stored.flat()).toEqual(all)
  expect(turns).toBeGreaterThanOrEqual(2)
})

test('what cannot be stored is told, and the rest is stored', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const stored: string[] = []
  const logs = gatheredLogs((group, parts) => {
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
