import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path/posix'
import { bare, parse } from '../primordials.ts'
import { SCRIPT_PARSER, type EsModule, type PackageIndex } from '../protocol.ts'
import type { Files } from '../resolve.ts'
import {
  compiled,
  fileOf,
  lazily,
  processFolder,
  programFolder,
  requireModule,
} from './node-modules.ts'
import { INDEX_FILE, TASK_FOLDER } from './process-protocol.ts'
import type * as ScriptParser from './script-parser.ts'

const files = lazily(() => {
  const text = readFileSync(`${processFolder}/${INDEX_FILE}`, 'utf8')
  return bare(parse(text) as PackageIndex['files']) // the gateway's own
})
const folders = lazily(foldersOf)

/** The user's files under their absolute paths (`/var/task/…`), and what is in `/tmp` now. */
export const bundleFiles: Files = {
  isFile: (path) => files()[path] !== undefined || isTemporary(path, 'isFile'),
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
  const kind = files()[path]
  return kind === 'script' || (kind === undefined && /^\/tmp\/.*\.[cm]?js$/.test(path))
}

export const isWrapped = (): boolean => false

export function ownText(path: string): string {
  return readFileSync(fileOf(path), 'utf8')
}

/** What an ES module is made into here, or what is wrong with it; `undefined` for all other files. */
export function esModule(path: string): EsModule | undefined {
  if (files()[path] !== 'module') return undefined
  const { rewrittenModule } = requireModule(`./${SCRIPT_PARSER}`) as typeof ScriptParser
  const made = rewrittenModule(ownText(path))
  return made.kind === 'broken' ? made : { kind: 'exports', exports: compiled(path, made.script) }
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
  for (const path in files()) {
    let folder = dirname(path)
    for (; found[folder] === undefined && folder !== '/'; folder = dirname(folder)) {
      found[folder] = true
    }
  }
  return found
}
