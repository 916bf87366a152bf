import { Buffer } from 'node:buffer'
import fs from 'node:fs'
import { bare, parse } from './primordials.ts'
import {
  BROKEN_MODULES,
  MODULES_FOLDER,
  SCRIPT_PREFIX,
  SCRIPT_SUFFIX,
  moduleName,
  pathOfModule,
  type BrokenModules,
} from './protocol.ts'
import type { Files } from './resolve.ts'

// workerd shows a worker's modules below this folder, read-only, under their names.
const BUNDLE = '/bundle'

const { closeSync, existsSync, openSync, readFileSync, readSync, statSync } = fs
const kinds: Record<string, 'file' | 'directory' | 'none'> = bare({})
const scripts: Record<string, boolean> = bare({})
let broken: BrokenModules | undefined

/** The user's files under their absolute paths (`/var/task/…`). */
export const bundleFiles: Files = {
  isFile: (path) => (kinds[path] ??= kindOf(path)) === 'file',
  isDirectory: (path) => (kinds[path] ??= kindOf(path)) === 'directory',
  readText: (path) => (isScript(path) ? ownText(path) : readFileSync(toBundle(path), 'utf8')),
}

export function isBundled(path: string): boolean {
  return path === '/var' || /^\/var\/(task|runtime)(\/|$)/.test(path)
}

/** Where workerd has a path. */
export function toBundle(path: string): string {
  return isBundled(path) ? BUNDLE + moduleName(path) : path
}

/** The path that `toBundle` was given. */
export function fromBundle(path: string): string {
  return path.startsWith(`${BUNDLE}/var`) ? pathOfModule(fromUrl(path.slice(BUNDLE.length))) : path
}

/** A file name as it was written: `readdir` of workerd has `%C3%A9` for `é`, in `/tmp` as well. */
export function fromUrl(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** A script is kept as the text of a module around it; all other files are kept as they are. */
export function isScript(path: string): boolean {
  return (scripts[path] ??=
    /(\.c?js|\/[^./]+)$/.test(path) && bundleFiles.isFile(path) && isWrapped(path))
}

/** The name of the script that an ES module was made into. */
export function moduleScriptName(path: string): string | undefined {
  if (!/\.m?js$/.test(path)) return undefined
  const name = MODULES_FOLDER + moduleName(path).slice(1)
  return (moduleScripts[path] ??= existsSync(`${BUNDLE}/${name}`)) ? name : undefined
}
const moduleScripts: Record<string, boolean> = bare({})

/** What the user wrote into a script. */
export function ownText(path: string): string {
  const text = readFileSync(toBundle(path), 'utf8')
  return text.slice(SCRIPT_PREFIX.length, -SCRIPT_SUFFIX.length)
}

/** What is wrong with an ES module that does not parse. */
export function brokenModule(path: string): { message: string; line?: number } | undefined {
  broken ??= readBroken()
  return broken[path]
}

function readBroken(): BrokenModules {
  const path = `${BUNDLE}/${BROKEN_MODULES}`
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return {}
  return parse(readFileSync(path, 'utf8')) as BrokenModules // the gateway's own file
}

function isWrapped(path: string): boolean {
  const file = openSync(toBundle(path), 'r')
  const start = Buffer.alloc(SCRIPT_PREFIX.length)
  readSync(file, start)
  closeSync(file)
  return start.toString('latin1') === SCRIPT_PREFIX
}

function kindOf(path: string): 'file' | 'directory' | 'none' {
  if (!isBundled(path)) return 'none'
  const stats = statSync(toBundle(path), { throwIfNoEntry: false })
  if (stats === undefined) return 'none'
  return stats.isDirectory() ? 'directory' : 'file'
}
