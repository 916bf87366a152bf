import nodeModule from 'node:module'
import type nodeUrl from 'node:url'
import { httpModule } from './http-module.ts'
import { isObject, remember } from './intrinsics.ts'
import { lazily, requireModule } from './node-modules.ts'
import { additions2014 } from './node-of-2014.ts'
import { bare } from './primordials.ts'
import { prepareProcess, theProcess } from './process.ts'
import { REFUSED } from './refused.ts'
import { fsPromisesView, fsView } from './task-files.ts'
import { watchedTimers } from './uncaught.ts'
import { pathView } from './working-directory.ts'

// Modules of Node, from 0.10 to today, that workerd has not.
const ABSENT = new Set('_debugger _linklist freelist smalloc tracing node:sea node:test'.split(' '))
// These names are packages unless they are written with `node:`, as in Node.
const PREFIX_ONLY = new Set(['sea', 'sqlite', 'test', 'test/reporters'])

/** What user code has had in hand, and so may have changed. */
const known: Record<string, true | undefined> = bare({})
/** What user code gets in place of workerd's own modules. */
const views: Record<string, (() => unknown) | undefined> = bare({
  fs: fsView,
  'fs/promises': fsPromisesView,
  path: () => pathView,
  'path/posix': () => pathView,
  process: theProcess,
  timers: lazily(() => ({ ...(requireModule('node:timers') as object), ...watchedTimers })),
})
for (const [name, additions] of Object.entries(additions2014)) {
  const original = views[name] ?? (() => nodeOwn(name))
  views[name] = lazily(() => ({ ...(original() as object), ...additions?.() }))
}
for (const [name, members] of Object.entries(REFUSED)) {
  views[name] = lazily((): object => {
    const view = { ...(nodeOwn(name) as Record<string, unknown>) }
    for (const member of members.split(' ')) view[member] = refusal(name, member)
    return view
  })
}

/** `createRequire` gives the loader's own `require`: workerd's knows whole names only. */
export function installRequire(requireFrom: (filename: string) => unknown): void {
  const createRequire = (from: string | URL) => {
    const isUrl = typeof from !== 'string' || from.startsWith('file:')
    const { fileURLToPath } = requireModule('node:url') as typeof nodeUrl
    return requireFrom(isUrl ? fileURLToPath(from) : from)
  }
  const view = Object.assign({}, nodeModule, { createRequire })
  views['module'] = () => view
}

export function installBuiltins(): void {
  prepareProcess((process) => {
    Reflect.set(process, 'getBuiltinModule', builtin)
  })
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
  const name = request.replace(/^node:/, '')
  const view = views[name]
  if (view !== undefined) return view()
  const module = nodeOwn(request)
  if (/^https?$/.test(name) && module instanceof Object) return httpModule(module, name)
  return module ?? (ABSENT.has(request) ? absent(request) : undefined)
}

/** workerd's own module; `undefined` if it has none of that name. */
function nodeOwn(request: string): unknown {
  const isOwn = nodeModule.isBuiltin(request) || request.startsWith('cloudflare:')
  return isOwn ? requireModule(request) : undefined
}

function absent(name: string): object {
  return new Proxy(
    {},
    { get: (_, member) => (typeof member === 'string' ? refusal(name, member) : undefined) },
  )
}

/** In place of what is not here. It can be called, or inherited from, or called with `new`. */
export function refusal(name: string, member: string): () => never {
  return function refused() {
    throw new Error(`${name}.${member} does not exist in the function environment of this gateway`)
  }
}
