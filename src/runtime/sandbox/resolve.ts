import { dirname, join } from 'node:path/posix'
import { exportedFile } from './package-exports.ts'

/** The files that can be required. Paths are absolute. */
export interface Files {
  isFile(path: string): boolean
  isDirectory(path: string): boolean
  readText(path: string): string
}

const parse = JSON.parse

const TASK_ROOT = '/var/task'
const EXTENSIONS = ['.js', '.json', '.node']
// NODE_PATH of Lambda's own runtime: where its aws-sdk was found.
const RUNTIME_MODULES = '/var/runtime/node_modules'

const REQUIRED = ['node', 'require', 'module-sync', 'default']
const IMPORTED = ['node', 'import', 'module-sync', 'default']

/**
 * The file that `require(request)` means in a folder, by Node's rules; built-ins excluded. An
 * `import` finds the same files, but for what a package's `exports` keep apart.
 */
export function resolve(
  request: string,
  fromDirectory: string,
  files: Files,
  isImport = false,
): string | undefined {
  if (request.startsWith('/')) return fileOrDirectory(request, files)
  if (/^\.{1,2}(\/|$)/.test(request)) return fileOrDirectory(`${fromDirectory}/${request}`, files)
  for (const folder of nodeModulesPaths(fromDirectory)) {
    if (!files.isDirectory(folder)) continue
    const found = inPackage(folder, request, files, isImport ? IMPORTED : REQUIRED)
    if (found !== undefined) return found
  }
  return undefined
}

/** What a package's `exports` do not name cannot be required. */
function inPackage(folder: string, request: string, files: Files, conditions: string[]) {
  const [name = '', rest = ''] = /^((?:@[^/]+\/)?[^/]+)(.*)$/.exec(request)?.slice(1) ?? []
  const exports = descriptionOf(`${folder}/${name}`, files)?.['exports']
  if (exports === undefined || exports === null) {
    return fileOrDirectory(`${folder}/${request}`, files)
  }
  const file = exportedFile(exports, `.${rest}`, conditions)
  const path = file === undefined ? undefined : join(folder, name, file)
  return path !== undefined && files.isFile(path) ? path : undefined
}

/** The `node_modules` folders that are searched from a folder, nearest first. */
export function nodeModulesPaths(fromDirectory: string): string[] {
  const paths: string[] = []
  for (let folder = fromDirectory; ; folder = dirname(folder)) {
    if (!folder.endsWith('/node_modules')) paths.push(join(folder, 'node_modules'))
    if (folder === TASK_ROOT || folder === '/') break
  }
  return paths.includes(RUNTIME_MODULES) ? paths : [...paths, RUNTIME_MODULES]
}

function fileOrDirectory(request: string, files: Files): string | undefined {
  const path = join(request, '.').replace(/(?<=.)\/$/, '')
  // `require('./lib/')`, `'.'` and `'..'` name folders, never lib.js.
  const namesFolder = /(^|\/)\.{0,2}$/.test(request)
  return (namesFolder ? undefined : fileAt(path, files)) ?? indexOf(path, files)
}

function fileAt(path: string, files: Files): string | undefined {
  if (files.isFile(path)) return path
  return withExtension(path, files)
}

function withExtension(path: string, files: Files): string | undefined {
  for (const extension of EXTENSIONS) {
    if (files.isFile(path + extension)) return path + extension
  }
  return undefined
}

function indexOf(directory: string, files: Files): string | undefined {
  if (!files.isDirectory(directory)) return undefined
  const main = mainOf(directory, files)
  const target = main === undefined ? undefined : join(directory, main, '.').replace(/\/$/, '')
  const found =
    target === undefined
      ? undefined
      : (fileAt(target, files) ?? withExtension(`${target}/index`, files))
  return found ?? withExtension(`${directory}/index`, files)
}

function mainOf(directory: string, files: Files): string | undefined {
  const main = descriptionOf(directory, files)?.['main']
  return typeof main === 'string' && main !== '' ? main : undefined
}

function descriptionOf(directory: string, files: Files): Record<string, unknown> | undefined {
  const path = `${directory}/package.json`
  if (!files.isFile(path)) return undefined
  const description = parsePackage(path, files.readText(path))
  if (typeof description !== 'object' || description === null) return undefined
  return description as Record<string, unknown>
}

function parsePackage(path: string, text: string): unknown {
  try {
    return parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    if (error instanceof Error) error.message = `Error parsing ${path}: ${error.message}`
    throw error
  }
}
