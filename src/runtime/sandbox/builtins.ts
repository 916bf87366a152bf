import nodeModule from 'node:module'
import process from 'node:process'
import timers from 'node:timers'
import { fileURLToPath } from 'node:url'
import { withContinue } from './expect-continue.ts'
import { isObject, remember } from './intrinsics.ts'
import { bare } from './primordials.ts'
import { fsPromisesView, fsView } from './task-files.ts'
import { watchedTimers } from './uncaught.ts'
import { pathView } from './working-directory.ts'

const getBuiltinModule = process.getBuiltinModule.bind(process)

// Modules of Node, from 0.10 to today, that workerd has not.
const ABSENT = new Set('_debugger _linklist freelist smalloc tracing node:sea node:test'.split(' '))
// These names are packages unless they are written with `node:`, as in Node.
const PREFIX_ONLY = new Set(['sea', 'sqlite', 'test', 'test/reporters'])

// What workerd has not, or has in name only: its own refusals come late or speak of arguments.
const REFUSED: Record<string, string> = {
  child_process: 'exec execFile execFileSync execSync fork spawn spawnSync',
  cluster: 'fork setupMaster setupPrimary',
  dgram: 'createSocket',
  domain: 'create createDomain',
  vm: 'createContext createScript runInContext runInNewContext runInThisContext',
}

/** What user code has had in hand, and so may have changed. */
const known: Record<string, true | undefined> = bare({})
const views: Record<string, unknown> = bare({
  fs: fsView,
  'fs/promises': fsPromisesView,
  path: pathView,
  'path/posix': pathView,
})

/** `createRequire` gives the loader's own `require`: workerd's knows whole names only. */
export function installRequire(requireFrom: (filename: string) => unknown): void {
  const createRequire = (from: string | URL) => {
    const isUrl = typeof from !== 'string' || from.startsWith('file:')
    return requireFrom(isUrl ? fileURLToPath(from) : from)
  }
  views['module'] = Object.assign({}, nodeModule, { createRequire })
}

export function installBuiltins(): void {
  views['timers'] = { ...timers, ...watchedTimers }
  for (const [name, members] of Object.entries(REFUSED)) {
    const refusals = members.split(' ').map((member) => [member, refusal(name, member)])
    views[name] = { ...(getBuiltinModule(name) as object), ...Object.fromEntries(refusals) }
  }
  Reflect.set(process, 'getBuiltinModule', builtin)
  // More names for `global`, in Node 0.10.
  Object.assign(globalThis, { GLOBAL: globalThis, root: globalThis })
}

/** A built-in module, with or without `node:`; `undefined` if Node has none of that name. */
export function builtin(request: string): unknown {
  if (PREFIX_ONLY.has(request)) return undefined
  const found = exportsOf(request)
  if (found !== undefined && known[request] === undefined) {
    known[request] = true
    if (isObject(found)) remember(found)
  }
  return found
}

function exportsOf(request: string): unknown {
  const view = views[request.replace(/^node:/, '')]
  const module: unknown = view ?? getBuiltinModule(request)
  if (/^(node:)?https?$/.test(request) && module instanceof Object) return withContinue(module)
  return module ?? (ABSENT.has(request) ? absent(request) : undefined)
}

function absent(name: string): object {
  return new Proxy(
    {},
    { get: (_, member) => (typeof member === 'string' ? refusal(name, member) : undefined) },
  )
}

function refusal(name: string, member: string): () => never {
  return () => {
    throw new Error(`${name}.${member} does not exist in the function environment of this gateway`)
  }
}
