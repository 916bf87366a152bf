import { describe, expect, test } from 'vitest'
import { Wishes } from '../../../src/platform/deno/functions/wishes.ts'

const neverStarted = () => Promise.reject(new Error('never started'))
const isPatient = (wish: { configurationId: string }) => wish.configurationId === 'p'
const named = (text: string) => Array.from(text, (configurationId) => ({ configurationId }))

/** Who waits, has and is being made an instance: functions of one letter each. */
describe('The next instance', () => {
  test.each([
    { waiting: '', has: '', starting: '', next: undefined },
    { waiting: 'a', has: '', starting: '', next: 'a' },
    // What is being made is for the first who waits.
    { waiting: 'a', has: 'a', starting: 'a', next: undefined },
    { waiting: 'aa', has: 'a', starting: 'a', next: 'a' },
    // Who has none goes before who has many, and of equals who came first.
    { waiting: 'aaab', has: 'aa', starting: '', next: 'b' },
    { waiting: 'ab', has: '', starting: '', next: 'a' },
    { waiting: 'ba', has: 'ab', starting: '', next: 'b' },
    { waiting: 'aab', has: 'aa', starting: 'a', next: 'b' },
    // Who can wait does, and so do those behind him.
    { waiting: 'pp', has: 'pp', starting: '', next: undefined },
    { waiting: 'pa', has: 'pa', starting: '', next: 'a' },
  ])(
    'is for $next where $waiting wait, $has have one and $starting will',
    ({ waiting, has, starting, next }) => {
      const wishes = new Wishes()
      for (const { configurationId } of named(waiting)) {
        wishes.add(configurationId, neverStarted, 0).catch(() => undefined)
      }
      expect(wishes.next(named(has), named(starting), isPatient)?.configurationId).toBe(next)
    },
  )
})
