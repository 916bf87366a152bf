import { expect, test } from 'vitest'
import { CollectedOutput } from '../../../src/platform/deno/functions/call-output.ts'
import { EVENT_OVERHEAD_BYTES } from '../../../src/delivery/log-lines.ts'
import { outputLengthOf } from '../../../src/runtime/sandbox/process/process-protocol.ts'

test('Empty lines are kept as far as a log counts them, and no further', () => {
  const output = new CollectedOutput(() => 0)
  for (let line = 0; line < 100_000; line++) output.add('')
  expect(output.isTruncated).toBe(true)
  expect(output.lines).toHaveLength(Math.floor((256 * 1024) / EVENT_OVERHEAD_BYTES))
})

test('A line takes of a call’s output what it takes of its log', () => {
  expect(outputLengthOf('four')).toBe(4 + EVENT_OVERHEAD_BYTES)
})
