import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path/posix'
import { bare, parse } from '../primordials.ts'
import { MODULES_FOLDER, moduleName, type PackageIndex } from '../protocol.ts'
import type { Files } from '../resolve.ts'
import { fileOf, lazily, processFolder, programFolder } from './node-modules.ts'
import { INDEX_FILE, TASK_FOLDER } from './process-protocol.ts'

const index = lazily(() => {
  const text = readFileSync(`${processFolder}/${INDEX_FILE}`, 'utf8')
  const { files, broken } = parse(text) as PackageIndex // the gateway's own
  return { files: bare(files), broken: bare(broken) }
})
const folders = lazily(foldersOf)

/** The user's files under their absolute paths (`/var/task/…`), and what is in `/tmp` now. */
export const bundleFiles: Files = {
  isFile: (path) => index().files[path] !== undefined || isTemporary(path, 'isFile'),
  isDirectory: (path) => folders()[path] === true || isTemporary(path, 'isDirectory'),
  readText: ownText,
}

/** Where a path is really. */
export function toBundle(path: string): string {
  return fileOf(path)
}

/** The path that `toBundle` was given. */
export function fromBundle(path: string): string {
  const own = within(processFolder, path)
  if (own === undefined) {
    const shared = within(programFolder, path)
    return shared === undefined ? path : `/var/runtime${shared}`
  }
  return own.startsWith(`/${TASK_FOLDER}`) ? `/var${own}` : own
}

export function entryName(name: string): string {
  return name
}

export function isScript(path: string): boolean {
  const kind = index().files[path]
  return kind === 'script' || (kind === undefined && /^\/tmp\/.*\.[cm]?js$/.test(path))
}

export const isWrapped = (): boolean => false

/** The name of the script that an ES module was made into. */
export function moduleScriptName(path: string): string | undefined {
  return index().files[path] === 'module' ? MODULES_FOLDER + moduleName(path).slice(1) : undefined
}

export function ownText(path: string): string {
  return readFileSync(fileOf(path), 'utf8')
}

/** What is wrong with an ES module that does not parse. */
export function brokenModule(path: string): { message: string; line?: number } | undefined {
  return index().broken[path]
}

function within(folder: string, path: string): string | undefined {
  return path === folder || path.startsWith(`${folder}/`) ? path.slice(folder.length) : undefined
}

function isTemporary(path: string, kind: 'isFile' | 'isDirectory'): boolean {
  if (!path.startsWith('/tmp/')) return false
  return statSync(fileOf(path), { throwIfNoEntry: false })?.[kind]() === true
}

function foldersOf(): Record<string, true> {
  const found: Record<string, true> = bare({})
  for (const path in index().files) {
    let folder = dirname(path)
    for (; found[folder] === undefined && folder !== '/'; folder = dirname(folder)) {
      found[folder] = true
    }
  }
  return found
}
