import { expect, test, vi } from 'vitest'
import { gatewayNotes } from '../../src/delivery/gateway-notes.ts'
import type { LogPart } from '../../src/ports/log-groups.ts'
import { fakeClock } from '../support/clock.ts'

test('a note is a line of the gateway in the log of the function', () => {
  const { now } = fakeClock()
  const written: [string, LogPart][] = []
  gatewayNotes(now, (...line) => void written.push(line)).note('f', 'r1', 'Event given up: why')
  const message = `${new Date(now()).toISOString()}\tr1\tEvent given up: why\n`
  const entries = [{ timestampMilliseconds: now(), message }]
  expect(written).toEqual([['/aws/lambda/f', { logStreamName: 'lambda-edge-gateway', entries }]])
})

test.each([
  {
    when: 'at once',
    append: () => {
      throw new Error('full')
    },
  },
  { when: 'later', append: () => Promise.reject(new Error('full')) },
])('a log that takes no line, and says so $when, fails nobody', async ({ append }) => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  try {
    gatewayNotes(() => 0, append).note('f', 'r1', 'text')
    await vi.waitFor(() => expect(told).toHaveBeenCalledOnce())
    expect(String(told.mock.calls[0]?.[0])).toContain('not noted in the log')
  } finally {
    told.mockRestore()
  }
})
