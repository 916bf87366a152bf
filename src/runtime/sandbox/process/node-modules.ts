import { readFileSync } from 'node:fs'
import nodeProcess from 'node:process'
import { fileURLToPath } from 'node:url'
import { compileFunction } from 'node:vm'
import type { Lazy } from '../node-modules.ts'
import { isCallable } from '../primordials.ts'
import {
  PROCESS_MODULE,
  SCRIPT_PARSER,
  SCRIPT_PREFIX,
  SCRIPT_SUFFIX,
  pathOfModule,
} from '../protocol.ts'
import { SCRIPT_PARSER_FILE, TASK_FOLDER } from './process-protocol.ts'

/** Not by `require`: what functions get of that is `builtin`, which stands on this. */
const getBuiltinModule = nodeProcess.getBuiltinModule.bind(nodeProcess)

/** Where the gateway has put the function of this process. */
export const processFolder = nodeProcess.cwd()
/** Where the program is, and what all functions share. */
export const programFolder = fileURLToPath(new URL('.', import.meta.url)).slice(0, -1)

/** Node's modules by their names, and by `./` those that workerd has in a worker. */
export function requireModule(name: string): unknown {
  if (!name.startsWith('./')) return getBuiltinModule(name)
  const own = name.slice(2)
  if (own === PROCESS_MODULE) return nodeProcess
  if (own === SCRIPT_PARSER) return scriptParser()
  const path = `/${pathOfModule(own)}`
  const source = readFileSync(fileOf(path), 'utf8').replace(/^\uFEFF/, '')
  return compiled(path, SCRIPT_PREFIX + source.replace(/^#!/, '//') + SCRIPT_SUFFIX)
}

/** The file that a path of the function's stands for. */
export function fileOf(path: string): string {
  if (isIn('/var/task', path)) return processFolder + `/${TASK_FOLDER}` + path.slice(9)
  if (isIn('/var/runtime', path)) return programFolder + path.slice(12)
  return isIn('/tmp', path) ? processFolder + path : path
}

function isIn(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

/** What a script exports that exports one function. */
export function compiled(path: string, script: string): unknown {
  const module: { exports?: unknown } = {}
  const run: unknown = compileFunction(script, ['module'], { filename: path })
  if (isCallable(run)) run(module)
  return module.exports
}

/** By `import` it would take three times as long: 19 ms (measured). */
const scriptParser = lazily(() => {
  const path = `/var/runtime/${SCRIPT_PARSER_FILE}`
  return compiled(path, readFileSync(fileOf(path), 'utf8'))
})

/** Something that is made when it is first asked for. */
export function lazily<T>(make: () => T): Lazy<T> {
  let made: { value: T } | undefined
  const get = () => (made ??= { value: make() }).value
  return Object.assign(get, { isMade: () => made !== undefined })
}
