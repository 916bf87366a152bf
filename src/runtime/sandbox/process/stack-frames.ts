import { fileURLToPath } from 'node:url'
import { textOf } from '../answers.ts'
import { apply, isCallable } from '../primordials.ts'
import { SCRIPT_PREFIX } from '../protocol.ts'

const PROGRAM = fileURLToPath(import.meta.url)
/** What Deno does around timers, ticks and scripts. */
const BETWEEN = /^ext:(core|deno_web|deno_node\/(internal\/timers|_next_tick|vm|process))/

const errorToString: unknown = Reflect.get(Error.prototype, 'toString')

/** Stacks without the frames of the sandbox and of the platform around it. */
export function installStackFrames(): void {
  Error.prepareStackTrace = (error, frames) => {
    let text = headerOf(error)
    for (const frame of frames) {
      const file = frame.getFileName() ?? ''
      if (file !== PROGRAM && !BETWEEN.test(file)) text += `\n    at ${shown(frame, file)}`
    }
    return text
  }
}

/** Columns of a first line count what stands before it. */
function shown(frame: NodeJS.CallSite, file: string): string {
  const text = textOf(frame)
  if (frame.getLineNumber() !== 1 || !file.startsWith('/var/task/')) return text
  const column = frame.getColumnNumber() ?? 0
  return text.replace(`:1:${column}`, `:1:${column - SCRIPT_PREFIX.length}`)
}

function headerOf(error: unknown): string {
  try {
    return isCallable(errorToString) ? textOf(apply(errorToString, error, [])) : textOf(error)
  } catch {
    return 'Error'
  }
}
