import { StringDecoder } from 'node:string_decoder'
import { z } from 'zod'
import { FRAME_START, type Frame } from '../../../runtime/sandbox/process/process-protocol.ts'

const FrameOfProcess: z.ZodType<Frame> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('line'), text: z.string() }),
  z.object({ kind: z.literal('truncated') }),
  z.object({
    kind: z.literal('end'),
    answer: z.string(),
    isLast: z.boolean(),
    tookMilliseconds: z.number(),
  }),
])

export interface OutputReader {
  onFrame: (frame: Frame) => void
  /** A line that is no frame: the function has written it past the sandbox. */
  onText: (line: string) => void
}

/** A line that is longer, and no frame, is several. */
const MAX_TEXT_LENGTH = 64 * 1024

/** Takes a process's output apart. The function has the same pipe, so that anything may come. */
export function readOutput(reader: OutputReader): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8')
  const begun = new BegunLine()
  return (chunk) => {
    const lines = decoder.write(chunk).split('\n')
    const rest = lines.pop() ?? ''
    for (const line of lines) {
      begun.add(line)
      readLine(begun.take(), reader)
    }
    begun.add(rest)
    if (begun.length >= MAX_TEXT_LENGTH && !begun.isFrame) reader.onText(begun.take())
  }
}

/** A line whose end is still to come. It is put together once: it may come a byte at a time. */
class BegunLine {
  length = 0
  isFrame = false
  #pieces: string[] = []

  add(piece: string): void {
    if (piece === '') return
    if (this.length === 0) this.isFrame = piece.startsWith(FRAME_START)
    this.length += piece.length
    this.#pieces.push(piece)
  }

  take(): string {
    const line = this.#pieces.join('')
    this.length = 0
    this.isFrame = false
    this.#pieces = []
    return line
  }
}

function readLine(line: string, { onFrame, onText }: OutputReader): void {
  const start = line.indexOf(FRAME_START)
  if (start === -1) {
    onText(line)
    return
  }
  if (start > 0) onText(line.slice(0, start))
  const parsed = FrameOfProcess.safeParse(decode(line.slice(start + 1)))
  if (parsed.success) onFrame(parsed.data)
  else onText(line.slice(start + 1))
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
