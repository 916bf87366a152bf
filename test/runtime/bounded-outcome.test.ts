import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/ports/function-runner.ts'
import { boundedOutcome } from '../../src/runtime/bounded-outcome.ts'

const LIMIT = 262_144

describe('boundedOutcome', () => {
  test.each<Outcome>([
    { kind: 'succeeded' },
    { kind: 'timedOut', errorMessage: 'Task timed out after 3.00 seconds' },
    { kind: 'failed', errorMessage: '' },
    {
      kind: 'failed',
      errorType: 'Error',
      errorMessage: 'e'.repeat(LIMIT),
      stackTrace: ['at a', ''],
    },
  ])('leaves alone what is of a usual size', (outcome) => {
    expect(boundedOutcome(outcome)).toEqual(outcome)
  })

  test.each<Outcome>([
    { kind: 'exited', errorMessage: 'e'.repeat(40_000_000) },
    { kind: 'failed', errorMessage: '😀'.repeat(1_000_000) },
    { kind: 'failed', errorMessage: 'x', errorType: 'T'.repeat(40_000_000) },
    { kind: 'failed', errorMessage: 'x', stackTrace: ['s'.repeat(40_000_000), 'next'] },
    { kind: 'failed', errorMessage: 'x', stackTrace: Array<string>(1_000_000).fill('at a') },
    { kind: 'failed', errorMessage: 'x', stackTrace: Array<string>(1_000_000).fill('') },
  ])('cuts what is larger than any log could show', (outcome) => {
    const text = JSON.stringify(boundedOutcome(outcome))
    expect(text.length).toBeLessThan(5 * LIMIT)
    expect(text).not.toMatch(/\\ud[89ab]/)
  })
})
