import process from 'node:process'
import timers from 'node:timers'
import { installExpectContinue } from './expect-continue.ts'
import { bare } from './primordials.ts'
import { fsPromisesView, fsView } from './task-files.ts'
import { watchedTimers } from './uncaught.ts'
import { pathView } from './working-directory.ts'

const getBuiltinModule = process.getBuiltinModule.bind(process)

// Modules of Node, from 0.10 to today, that workerd has not.
const ABSENT = new Set('_debugger _linklist freelist smalloc tracing node:sea node:test'.split(' '))
// These names are packages unless they are written with `node:`, as in Node.
const PREFIX_ONLY = new Set(['sea', 'sqlite', 'test', 'test/reporters'])

const views: Record<string, unknown> = bare({
  fs: fsView,
  'fs/promises': fsPromisesView,
  path: pathView,
  'path/posix': pathView,
})

export function installBuiltins(): void {
  installExpectContinue()
  views['timers'] = { ...timers, ...watchedTimers }
  Reflect.set(process, 'getBuiltinModule', builtin)
  // More names for `global`, in Node 0.10.
  Object.assign(globalThis, { GLOBAL: globalThis, root: globalThis })
}

/** A built-in module, with or without `node:`; `undefined` if Node has none of that name. */
export function builtin(request: string): unknown {
  if (PREFIX_ONLY.has(request)) return undefined
  const view = views[request.replace(/^node:/, '')]
  return view ?? getBuiltinModule(request) ?? (ABSENT.has(request) ? absent(request) : undefined)
}

function absent(name: string): object {
  const refusal = (member: string) => () => {
    throw new Error(`${name}.${member} does not exist in the function environment of this gateway`)
  }
  return new Proxy(
    {},
    { get: (_, member) => (typeof member === 'string' ? refusal(member) : undefined) },
  )
}
