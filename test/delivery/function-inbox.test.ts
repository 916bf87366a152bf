import { describe, expect, test } from 'vitest'
import { Backlog } from '../../src/delivery/backlog.ts'
import { FunctionInbox } from '../../src/delivery/function-inbox.ts'
import { memorySql } from '../../src/platform/memory/memory-sql.ts'

const eventOf = (requestId: string, payload: string) => ({
  functionName: 'f',
  requestId,
  acceptedAtMilliseconds: 1,
  payload,
})

describe('the inbox of a function', () => {
  test.each([
    { bytes: 100, taken: ['1', '2', '3'] },
    { bytes: 30, taken: ['1', '2', '3'] },
    { bytes: 29, taken: ['1', '2'] },
    { bytes: 10, taken: ['1'] },
    // One event always goes, or it would never go.
    { bytes: 1, taken: ['1'] },
  ])('gives $taken out when $bytes bytes may run', ({ bytes, taken }) => {
    const inbox = new FunctionInbox(memorySql())
    const text = 'é'.repeat(5)
    inbox.add(
      ['1', '2', '3'].map((id) => eventOf(id, text)),
      1,
    )
    const events = inbox.take(2, { events: 10, bytes }, 1000)
    expect(events.map(({ requestId }) => requestId)).toEqual(taken)
    expect(events[0]?.payload).toBe(text)
  })
})

describe('the backlog', () => {
  test('has room for so much and no more, and for more again when something has gone', () => {
    const sql = memorySql()
    const inbox = new FunctionInbox(sql)
    const events = [eventOf('1', 'x'.repeat(400)), eventOf('2', 'x'.repeat(400))]
    const backlog = new Backlog(sql, 1500)
    expect(backlog.hasRoomFor(events)).toBe(true)
    inbox.add(events, 1)
    backlog.add(events)
    expect(backlog.hasRoomFor([eventOf('3', 'x')])).toBe(false)
    // The same is counted from what is stored, after a restart.
    expect(new Backlog(sql, 1500).hasRoomFor([eventOf('3', 'x')])).toBe(false)
    backlog.remove([eventOf('1', 'x'.repeat(400))])
    expect(backlog.hasRoomFor([eventOf('3', 'x')])).toBe(true)
    backlog.recount()
    expect(backlog.hasRoomFor([eventOf('3', 'x')])).toBe(false)
  })
})
