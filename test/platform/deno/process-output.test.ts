import { expect, test, vi } from 'vitest'
import { readOutput } from '../../../src/platform/deno/functions/process-output.ts'

/** What is read of an output that comes in these pieces. */
function read(...pieces: string[]): unknown[] {
  const told: unknown[] = []
  const take = readOutput({
    onFrame: (frame) => told.push(frame),
    onText: (line) => told.push(line),
  })
  for (const piece of pieces) take(Buffer.from(piece))
  return told
}

const LINE = '\0{"kind":"line","text":"hello"}\n'
const FRAME = { kind: 'line', text: 'hello' }

test.each([
  { name: 'a frame', pieces: [LINE], told: [FRAME] },
  { name: 'a frame, letter by letter', pieces: Array.from(LINE), told: [FRAME] },
  { name: 'several in one piece', pieces: [LINE + LINE, LINE], told: [FRAME, FRAME, FRAME] },
  { name: 'text before a frame', pieces: ['a', 'b', LINE], told: ['ab', FRAME] },
  { name: 'lines of text, empty ones as well', pieces: ['a\n\n', 'b\nc'], told: ['a', '', 'b'] },
  { name: 'what looks like a frame', pieces: ['\0{"kind":', '1}\n'], told: ['{"kind":1}'] },
])('$name is read', ({ pieces, told }) => {
  expect(read(...pieces)).toEqual(told)
})

test('A line that is long, and no frame, is several', () => {
  const long = 'x'.repeat(40_000)
  expect(read(long, long, long, '\n')).toEqual([long + long, long])
})

test('A frame that is long is one, and only its beginning is looked at until it ends', () => {
  const text = 'x'.repeat(100)
  const looksAt = vi.spyOn(String.prototype, 'startsWith')
  const joins = vi.spyOn(Array.prototype, 'join')
  const told = read('\0{"kind":"line","text":"', ...Array<string>(2000).fill(text), '"}\n')
  const counted = [looksAt.mock.calls.length, joins.mock.calls.length]
  vi.restoreAllMocks()
  expect(told).toEqual([{ kind: 'line', text: text.repeat(2000) }])
  expect(counted).toEqual([1, 1])
})
