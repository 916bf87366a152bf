import { encodeUtf8 } from '../aws/utf8.ts'
import { placeFiles, readLinkTargets } from './package-files.ts'
import { readEntries } from './read-entries.ts'
import {
  MODULES_FOLDER,
  SCRIPT_PREFIX,
  SCRIPT_SUFFIX,
  moduleName,
  type BrokenModules,
} from './sandbox/protocol.ts'
import { readZipDirectory, type ByteSource } from './zip-directory.ts'
import type { ZipEntry } from './zip-entry.ts'

/** A file of a package, by its path relative to the package's root. */
export type PackageFile =
  | { path: string; kind: 'script' | 'module'; source: string }
  | { path: string; kind: 'data'; bytes: Uint8Array }

/**
 * Unzips a package, and follows its links. Code that is UTF-8 is a script or an ES module, as Node
 * tells them apart, and without its byte order mark; all else is data, as it is. Throws what
 * `readZipDirectory`, `placeFiles` and `readEntries` throw.
 */
export async function loadPackage(source: ByteSource): Promise<PackageFile[]> {
  const entries = await readZipDirectory(source)
  const paths = new Map<ZipEntry, string[]>()
  for (const { path, entry } of placeFiles(entries, await readLinkTargets(source, entries))) {
    const known = paths.get(entry)
    if (known === undefined) paths.set(entry, [path])
    else known.push(path)
  }
  const files: PackageFile[] = []
  await readEntries(source, entries, (entry, bytes) => {
    for (const path of paths.get(entry) ?? []) files.push(packageFile(path, bytes))
  })
  return withModules(files)
}

/** Also scripts without an ending, which `bin` of a package.json names, and which are required. */
function isCode(path: string, bytes: Uint8Array): boolean {
  if (/\.[cm]?js$/.test(path)) return true
  const isBare = /(^|\/)[^./]+$/.test(path) && bytes[0] === 0x23 && bytes[1] === 0x21
  return isBare && /^#!.*node/.test(new TextDecoder().decode(bytes.subarray(0, 80)))
}

/** `.js` files are ES modules below a package.json that says so. */
function withModules(files: PackageFile[]): PackageFile[] {
  const types = new Map<string, boolean>()
  for (const file of files) {
    const folder = /^(.*\/|)package\.json$/.exec(file.path)?.[1]
    if (folder !== undefined && file.kind === 'data') types.set(folder, isModuleType(file.bytes))
  }
  if (![...types.values()].includes(true)) return files
  return files.map((file) => {
    if (file.kind !== 'script' || !file.path.endsWith('.js')) return file
    for (let folder = file.path; folder !== '';) {
      folder = folder.replace(/[^/]*\/?$/, '')
      const type = types.get(folder)
      if (type !== undefined) return type ? { ...file, kind: 'module' } : file
    }
    return file
  })
}

function isModuleType(bytes: Uint8Array): boolean {
  const text = utf8(bytes)
  if (text?.includes('"module"') !== true) return false
  try {
    const description: unknown = JSON.parse(text)
    return (
      typeof description === 'object' &&
      description !== null &&
      'type' in description &&
      description.type === 'module'
    )
  } catch {
    return false
  }
}

function packageFile(path: string, bytes: Uint8Array): PackageFile {
  const source = isCode(path, bytes) ? utf8(bytes) : undefined
  const kind = path.endsWith('.mjs') ? 'module' : 'script'
  return source === undefined ? { path, kind: 'data', bytes } : { path, kind, source }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * A script as the text of a CommonJS module that exports the script as a function, in Node's
 * manner. Line numbers stay as they are: nothing is added before the first line but on that line.
 */
export function scriptModule(source: string): string {
  return SCRIPT_PREFIX + source.replace(/^#!/, '//') + SCRIPT_SUFFIX
}

/** A file as workerd is given it. */
export type WorkerModule = { cjs: string } | { data: ArrayBuffer }

/** The modules of a package by name, and what is wrong with ES modules that could not be rewritten. */
export async function workerModules(
  files: PackageFile[],
): Promise<{ modules: Record<string, WorkerModule>; broken: BrokenModules }> {
  const modules: Record<string, WorkerModule> = {}
  const broken: BrokenModules = {}
  for (const file of files) {
    const name = moduleName(`var/task/${file.path}`)
    if (file.kind === 'script') modules[name] = { cjs: scriptModule(file.source) }
    else modules[name] = { data: bytesOf(file).buffer }
    if (file.kind !== 'module') continue
    const { rewrittenModule } = await import('./sandbox/rewritten-module.ts')
    const made = rewrittenModule(file.source)
    if (made.kind === 'script') modules[MODULES_FOLDER + name] = { cjs: made.script }
    else {
      const { message, line } = made
      broken[`/var/task/${file.path}`] = { message, ...(line === undefined ? {} : { line }) }
    }
  }
  return { modules, broken }
}

function bytesOf(file: PackageFile): Uint8Array<ArrayBuffer> {
  return file.kind === 'data' ? file.bytes.slice() : encodeUtf8(file.source)
}
