import { Buffer } from 'node:buffer'
import type nodeUrl from 'node:url'
import { isWrapped, ownText, toBundle } from './bundle-files.ts'
import { presentError } from './file-errors.ts'
import { HIDDEN, present } from './file-results.ts'
import { nodeFs } from './node-fs.ts'
import { lazily, requireModule } from './node-modules.ts'
import { NativePromise, apply, isCallable, isError, type Callable } from './primordials.ts'
import { guarded } from './uncaught.ts'
import { absolute } from './working-directory.ts'

const NativeURL = URL
const TWO_PATHS = /^(copyFile|cp|link|rename|symlink)(Sync)?$/
const READS = /^(copyFile|createReadStream|openAsBlob|readFile)(Sync)?$/
const OPENS = /^open(Sync)?$/
const ANSWERS_PATHS = /^(createReadStream|glob|l?stat|readdir|readlink|realpath)(Sync)?$/

/** `node:fs` as user code gets it: the function's files are in `/var/task`, as the user wrote them. */
export const fsPromisesView = lazily(() => viewOf(nodeFs().promises))
export const fsView = lazily((): Record<string, unknown> => ({
  ...viewOf(nodeFs()),
  promises: fsPromisesView(),
}))

function viewOf(source: object): Record<string, unknown> {
  const view: Record<string, unknown> = {}
  const members: [string, unknown][] = Object.entries(source)
  for (const [name, member] of members) {
    // Capitals are classes: Stats, ReadStream.
    view[name] = isCallable(member) && /^[a-z]/.test(name) ? mapped(source, name, member) : member
  }
  return view
}

function mapped(source: object, name: string, original: Callable): Callable {
  const takesCallback = name !== 'exists' && `${name}Sync` in source
  const shown = ANSWERS_PATHS.test(name) ? present : (result: unknown) => result
  return (...given) => {
    const path = pathOf(given[0])
    const passed = [...given]
    const readsContent = READS.test(name) || (OPENS.test(name) && isForReading(given[1]))
    if (path !== undefined) passed[0] = locate(path, readsContent)
    const target = TWO_PATHS.test(name) ? pathOf(given[1]) : undefined
    if (target !== undefined) passed[1] = toBundle(target)
    // It could be left out; an error was thrown then.
    if (takesCallback && !isCallable(passed.at(-1))) passed.push(rethrow)
    const callback = passed.at(-1)
    if (isCallable(callback)) {
      // Deno takes what a callback throws for a rejection.
      passed[passed.length - 1] = guarded((error, ...results) =>
        callback(presentError(error, name, path), ...results.map((result) => shown(result, path))),
      )
    }
    try {
      const result = apply(original, undefined, passed)
      return result instanceof NativePromise ? later(result, path) : shown(result, path)
    } catch (error) {
      throw presentError(error, name, path)
    }
  }

  async function later(result: Promise<unknown>, path: string | undefined): Promise<unknown> {
    try {
      return shown(await result, path)
    } catch (error) {
      throw presentError(error, name, path)
    }
  }
}

function rethrow(error: unknown): void {
  if (isError(error)) throw error
}

/** The flags of `fs.open`, which may be left out before a callback. */
function isForReading(flags: unknown): boolean {
  return flags === undefined || flags === 'r' || flags === 0 || isCallable(flags)
}

function pathOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return absolute(argument)
  if (Buffer.isBuffer(argument)) return absolute(argument.toString())
  if (!(argument instanceof NativeURL) || argument.protocol !== 'file:') return undefined
  return (requireModule('node:url') as typeof nodeUrl).fileURLToPath(argument)
}

function locate(path: string, readsContent: boolean): string {
  return readsContent && isWrapped(path) ? unwrapped(path) : toBundle(path)
}

/** A copy of a script without the module around it; `/tmp` is the only place that can hold one. */
function unwrapped(path: string): string {
  const { existsSync, mkdirSync, writeFileSync } = nodeFs()
  const copy = `/tmp/${HIDDEN}${path}`
  if (!existsSync(copy)) {
    mkdirSync(copy.slice(0, copy.lastIndexOf('/')), { recursive: true })
    writeFileSync(copy, ownText(path))
  }
  return copy
}
