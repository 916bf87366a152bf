import { StringDecoder } from 'node:string_decoder'
import { z } from 'zod'
import { FRAME_START, type Frame } from '../../../runtime/sandbox/process/process-protocol.ts'

const FrameOfProcess: z.ZodType<Frame> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('line'), text: z.string() }),
  z.object({ kind: z.literal('truncated') }),
  z.object({ kind: z.literal('end'), answer: z.string(), isLast: z.boolean() }),
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
  let rest = ''
  return (chunk) => {
    const text = decoder.write(chunk)
    if (!text.includes('\n')) {
      rest += text
      if (rest.length < MAX_TEXT_LENGTH || rest.startsWith(FRAME_START)) return
      reader.onText(rest)
      rest = ''
      return
    }
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) readLine(line, reader)
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
