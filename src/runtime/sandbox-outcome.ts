import { z } from 'zod'
import type { Outcome } from '../ports/function-runner.ts'
import { ANSWER_HEADER, MAX_TEXT_LENGTH } from './sandbox/protocol.ts'

/** The sandbox shares its isolate with the function, so its answer is only as good as any input. */
const Text = z.string().max(MAX_TEXT_LENGTH)
const Answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('busy') }),
  z.object({ kind: z.literal('succeeded') }),
  z.object({
    kind: z.literal('failed'),
    errorMessage: Text.nullable(),
    errorType: Text.optional(),
    stack: Text.optional(),
    log: Text.optional(),
  }),
  z.object({ kind: z.literal('exited') }),
])
/** Of five texts, should every character be escaped. */
const MAX_ANSWER_BYTES = 5 * 6 * MAX_TEXT_LENGTH
const MAX_FRAMES = 100

export function exited(): Outcome {
  return { kind: 'exited', errorMessage: 'Process exited before completing request' }
}

export function timedOut(timeoutSeconds: number): Outcome {
  const errorMessage = `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`
  return { kind: 'timedOut', errorMessage }
}

/** What an instance's answer means. One that the sandbox would not give is no answer. */
export async function readOutcome(response: Response): Promise<Outcome | 'busy'> {
  // Read in any case: until then the call is not over, and its output does not come (measured).
  const body = readText(response).catch(() => '')
  return outcomeOfAnswer(response.headers.get(ANSWER_HEADER) ?? (await body))
}

/** As `readOutcome`, of the answer's JSON text. */
export function outcomeOfAnswer(text: string): Outcome | 'busy' {
  const parsed = Answer.safeParse(decode(text))
  if (!parsed.success) return exited()
  switch (parsed.data.kind) {
    case 'busy':
      return 'busy'
    case 'succeeded':
      return { kind: 'succeeded' }
    case 'exited':
      return exited()
    case 'failed': {
      const { errorMessage, errorType, stack, log } = parsed.data
      return {
        kind: 'failed',
        errorMessage,
        ...(errorType === undefined ? {} : { errorType }),
        ...(stack === undefined ? {} : { stackTrace: stackTrace(stack) }),
        ...(log === undefined ? {} : { log }),
      }
    }
  }
}

/** As Lambda gave it: `exports.handler (/var/task/index.js:2:20)`. */
function stackTrace(stack: string): string[] {
  const lines = stack.split('\n', MAX_FRAMES).map((line) => /^ +at (.*)/.exec(line)?.[1])
  return lines.filter((line) => line !== undefined)
}

async function readText({ body }: Response): Promise<string> {
  if (body === null) return ''
  const reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> = body.getReader()
  const utf8 = new TextDecoder()
  let text = ''
  for (let length = 0; ;) {
    const { done, value } = await reader.read()
    if (done) return text + utf8.decode()
    length += value.byteLength
    if (length > MAX_ANSWER_BYTES) {
      await reader.cancel()
      return ''
    }
    text += utf8.decode(value, { stream: true })
  }
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
