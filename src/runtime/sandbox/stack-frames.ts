import { textOf } from './answers.ts'
import { fromUrl } from './bundle-files.ts'
import { apply, isCallable } from './primordials.ts'
import { SCRIPT_PREFIX, pathOfModule } from './protocol.ts'
import { SANDBOX_URL } from './sandbox-url.ts'

const SANDBOX = SANDBOX_URL ?? 'sandbox.js'
/** What the names of modules begin with in stacks. */
const FOLDER = SANDBOX.slice(0, SANDBOX.lastIndexOf('/') + 1)

const errorToString: unknown = Reflect.get(Error.prototype, 'toString')

/**
 * Stacks name the user's files as the user knows them: workerd's frames have `var/task/index.js`,
 * columns of a first line count what stands before it, and the sandbox's own frames tell nothing.
 */
export function installStackFrames(): void {
  Error.prepareStackTrace = (error, frames) => {
    let text = headerOf(error)
    for (const frame of frames) {
      const file = frame.getFileName()
      if (file !== SANDBOX) text += `\n    at ${shown(textOf(frame), file, frame)}`
    }
    return text
  }
}

function shown(text: string, file: string | null | undefined, frame: NodeJS.CallSite): string {
  if (file?.startsWith(FOLDER) !== true) return text
  const name = file.slice(FOLDER.length)
  const path = (SANDBOX_URL === undefined ? name : fromUrl(name)).replace(/^modules\//, '')
  if (!path.startsWith('var/')) return text
  const line = frame.getLineNumber() ?? 0
  const column = frame.getColumnNumber() ?? 0
  const ownColumn = line === 1 ? column - SCRIPT_PREFIX.length : column
  return text.replace(
    `${file}:${line}:${column}`,
    () => `/${pathOfModule(path)}:${line}:${ownColumn}`,
  )
}

function headerOf(error: unknown): string {
  try {
    return isCallable(errorToString) ? textOf(apply(errorToString, error, [])) : textOf(error)
  } catch {
    return 'Error'
  }
}
