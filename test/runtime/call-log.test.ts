import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/ports/function-runner.ts'
import {
  NO_OUTPUT,
  callLines,
  type CallOutput,
  type CallReport,
} from '../../src/runtime/call-log.ts'
import { loadedLine } from '../../src/runtime/sandbox/protocol.ts'
import { CallRendezvous } from '../../src/runtime/call-rendezvous.ts'

const LOADED = loadedLine('ko2sss03iq7l2pdk')
const START = Date.parse('2015-01-06T18:30:35.841Z')

function reportOf(outcome: Outcome, durationMilliseconds = 98): CallReport {
  return {
    logStreamName: 'stream',
    requestId: 'id',
    loadingMark: 'ko2sss03iq7l2pdk',
    startedAtMilliseconds: START,
    endedAtMilliseconds: START + durationMilliseconds,
    memorySizeMegabytes: 128,
    outcome,
  }
}

const printed: CallOutput = {
  lines: [{ timestampMilliseconds: START + 50, message: 'hello\nworld' }],
  exceptions: [],
  isTruncated: false,
}

describe('callLines', () => {
  test.each<{ name: string; outcome: Outcome; output?: CallOutput; expected: string[] }>([
    {
      name: 'a success',
      outcome: { kind: 'succeeded' },
      expected: ['END RequestId: id\n', 'REPORT'],
    },
    {
      name: 'a failure, which is told before END',
      outcome: { kind: 'failed', errorMessage: 'no', errorType: 'Error', stackTrace: ['at x'] },
      expected: [
        '2015-01-06T18:30:35.939Z\tid\t{"errorMessage":"no","errorType":"Error","stackTrace":["at x"]}\n',
        'END RequestId: id\n',
        'REPORT',
      ],
    },
    {
      name: 'an exit, which is told after REPORT',
      outcome: { kind: 'exited', errorMessage: 'Process exited before completing request' },
      expected: [
        'END RequestId: id\n',
        'REPORT',
        'RequestId: id Process exited before completing request\n',
      ],
    },
    {
      name: 'a timeout',
      outcome: { kind: 'timedOut', errorMessage: 'Task timed out after 3.00 seconds' },
      expected: [
        'END RequestId: id\n',
        'REPORT',
        '2015-01-06T18:30:35.939Z id Task timed out after 3.00 seconds\n',
      ],
    },
    {
      name: 'output that the platform cut',
      outcome: { kind: 'succeeded' },
      output: { ...printed, isTruncated: true },
      expected: ['RequestId: id Output truncated after 256 KB\n', 'END RequestId: id\n', 'REPORT'],
    },
  ])('writes $name', ({ outcome, output = printed, expected }) => {
    const messages = callLines(reportOf(outcome), output).map((entry) => entry.message)
    expect(messages.slice(0, 2)).toEqual([
      'START RequestId: id\n',
      '2015-01-06T18:30:35.891Z\tid\thello\nworld\n',
    ])
    expect(messages.slice(2).map((m) => (m.startsWith('REPORT') ? 'REPORT' : m))).toEqual(expected)
  })

  test.each([
    { duration: 98, billed: 100 },
    { duration: 100, billed: 100 },
    { duration: 101, billed: 200 },
    { duration: 0, billed: 100 },
  ])('bills $duration ms as $billed ms', ({ duration, billed }) => {
    const lines = callLines(reportOf({ kind: 'succeeded' }, duration), printed)
    expect(lines.at(-1)?.message).toBe(
      `REPORT RequestId: id\tDuration: ${duration}.00 ms\tBilled Duration: ${billed} ms \tMemory Size: 128 MB\tMax Memory Used: 0 MB\t\n`,
    )
  })

  test('puts what loading modules printed before START, under the mark’s random id', () => {
    const at = (ms: number, message: string) => ({ timestampMilliseconds: START + ms, message })
    const lines = [at(10, 'Loading event'), at(20, LOADED), at(30, 'called'), at(40, LOADED)]
    const written = callLines(reportOf({ kind: 'succeeded' }), { ...NO_OUTPUT, lines })
    expect(written.slice(0, 4)).toEqual([
      at(10, '2015-01-06T18:30:35.851Z\tko2sss03iq7l2pdk\tLoading event\n'),
      at(10, 'START RequestId: id\n'),
      at(30, '2015-01-06T18:30:35.871Z\tid\tcalled\n'),
      // Said once more by the function itself, it is a line like any other.
      at(40, `2015-01-06T18:30:35.881Z\tid\t${LOADED}\n`),
    ])
  })

  test('shows no trace of the mark when loading printed nothing', () => {
    const lines = [{ timestampMilliseconds: START + 5, message: LOADED }]
    const written = callLines(reportOf({ kind: 'succeeded' }), { ...NO_OUTPUT, lines })
    expect(written.map((entry) => entry.message.split(' ')[0])).toEqual(['START', 'END', 'REPORT'])
    expect(written[0]?.timestampMilliseconds).toBe(START)
  })

  test('keeps every line between START and END, whatever the function’s clock said', () => {
    const lines = [{ timestampMilliseconds: START + 5_000_000, message: 'late' }]
    const times = callLines(reportOf({ kind: 'succeeded' }), { ...printed, lines }).map(
      (entry) => entry.timestampMilliseconds,
    )
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })
})

describe('CallRendezvous', () => {
  function rendezvous() {
    const written: [CallReport, CallOutput][] = []
    let endPatience: () => void = () => undefined
    let waiting = 0
    const patience = new Promise<void>((resolve) => (endPatience = resolve))
    const calls = new CallRendezvous(
      (report, output) => {
        written.push([report, output])
        return Promise.resolve()
      },
      (end) => {
        void patience.then(end)
        waiting += 1
        return () => (waiting -= 1)
      },
    )
    return { calls, written, endPatience: () => endPatience(), waiting: () => waiting }
  }
  const report = reportOf({ kind: 'succeeded' })

  test.each(['report first', 'output first'])('writes a call once, %s', async (order) => {
    const { calls, written, waiting } = rendezvous()
    const halves = [() => calls.report('1', report), () => calls.output('1', printed)]
    if (order === 'output first') halves.reverse()
    await Promise.all(halves.map((half) => half()))
    expect(written).toEqual([[report, printed]])
    // A timer that is left behind would keep its object in memory.
    expect(waiting()).toBe(0)
  })

  test('does not mix calls', async () => {
    const { calls, written } = rendezvous()
    const other = { ...printed, isTruncated: true }
    await Promise.all([
      calls.report('1', report),
      calls.output('2', other),
      calls.output('1', printed),
      calls.report('2', report),
    ])
    expect(written).toEqual([
      [report, printed],
      [report, other],
    ])
  })

  test('writes a report without output when the patience ends, and drops output without report', async () => {
    const { calls, written, endPatience } = rendezvous()
    const waiting = [calls.report('1', report), calls.output('2', printed)]
    endPatience()
    await Promise.all(waiting)
    expect(written).toEqual([[report, { lines: [], exceptions: [], isTruncated: false }]])
  })
})
