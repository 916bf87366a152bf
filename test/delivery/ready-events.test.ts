import { describe, expect, test } from 'vitest'
import { FunctionInbox, type RunningEvent } from '../../src/delivery/function-inbox.ts'
import { memorySql } from '../../src/platform/memory/memory-sql.ts'
import type { Sql } from '../../src/ports/sql.ts'
import { randomFrom } from '../support/random.ts'

const eventOf = (requestId: string) => ({
  functionName: 'f',
  requestId,
  acceptedAtMilliseconds: 1,
  payload: '{}',
})
const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => eventOf(String(from + at).padStart(6, '0')))
const LEASE = 1_000_000
const within = (events: number) => ({ events, bytes: Infinity })

function counted(): { sql: Sql; reads: () => number } {
  const sql = memorySql()
  let reads = 0
  const all: Sql['all'] = (statement, ...bindings) => {
    if (statement.startsWith('SELECT')) reads++
    return sql.all(statement, ...bindings)
  }
  return { sql: { ...sql, all }, reads: () => reads }
}

describe('events that wait', () => {
  test('are looked for once for many of them, however few are taken at a time', () => {
    const { sql, reads } = counted()
    const inbox = new FunctionInbox(sql)
    inbox.add(numbered(1000), 1)
    const before = reads()
    const taken = Array.from({ length: 1000 }, () => inbox.take(2, within(1), LEASE)).flat()
    expect(taken.map(({ requestId }) => requestId)).toEqual(
      numbered(1000).map(({ requestId }) => requestId),
    )
    expect(reads() - before).toBeLessThan(20)
  })

  test('are found though another is stored between two that are taken', () => {
    const inbox = new FunctionInbox(memorySql())
    inbox.add(numbered(3), 10)
    const [first] = inbox.take(10, within(1), LEASE)
    inbox.add(numbered(1, 3), 11)
    const rest = inbox.take(11, within(9), LEASE)
    expect([first, ...rest].map((event) => Number(event?.requestId))).toEqual([0, 1, 2, 3])
    expect(inbox.nextReady()).toBe(Infinity)
  })

  test('make way for one that is due before them', () => {
    const inbox = new FunctionInbox(memorySql())
    inbox.add(numbered(3), 50)
    expect(inbox.take(50, within(1), LEASE)).toHaveLength(1)
    // A clock that was put back.
    inbox.add(numbered(1, 3), 10)
    expect(inbox.nextReady()).toBe(10)
    const [next] = inbox.take(50, within(1), LEASE)
    expect(Number(next?.requestId)).toBe(3)
  })

  test('are taken as a list of all of them would be, whatever comes between', () => {
    const random = randomFrom(7)
    const inbox = new FunctionInbox(memorySql())
    /** When each is due, by request id. */
    const ready = new Map<string, number>()
    const running: RunningEvent[] = []
    let [now, last] = [1000, 0]
    for (let step = 0; step < 20_000; step++) {
      // Now and then it is put back.
      now += random.below(10) === 0 ? -random.below(20) : random.below(5)
      const choice = random.below(4)
      const one = choice === 0 ? undefined : running.pop()
      if (choice === 0) {
        const events = numbered(1 + random.below(8), last)
        last += events.length
        inbox.add(events, now)
        for (const { requestId } of events) ready.set(requestId, now)
      } else if (choice === 1 && one !== undefined) {
        const delayMilliseconds = random.below(3) * 50
        inbox.settle(one, { kind: 'retry', delayMilliseconds }, 'again', now)
        ready.set(one.requestId, now + delayMilliseconds)
      } else {
        if (one !== undefined) inbox.settle(one, { kind: 'dead' }, 'enough', now)
        const limit = 1 + random.below(choice === 2 ? 2 : 100)
        const taken = inbox.take(now, within(limit), LEASE)
        const due = [...ready.values()].filter((at) => at <= now).sort((a, b) => a - b)
        const dueOf = ({ requestId }: RunningEvent) => ready.get(requestId)
        expect(taken.map(dueOf)).toEqual(due.slice(0, limit))
        for (const { requestId } of taken) ready.delete(requestId)
        running.push(...taken)
      }
      expect(inbox.nextReady()).toBeLessThanOrEqual(Math.min(...ready.values()))
    }
    expect(last).toBeGreaterThan(1000)
  })
})
