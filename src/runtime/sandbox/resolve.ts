import { dirname, join } from 'node:path/posix'

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

/** The file that `require(request)` means in a folder, by Node's rules; built-ins excluded. */
export function resolve(request: string, fromDirectory: string, files: Files): string | undefined {
  if (request.startsWith('/')) return fileOrDirectory(request, files)
  if (/^\.{1,2}(\/|$)/.test(request)) return fileOrDirectory(`${fromDirectory}/${request}`, files)
  for (const folder of nodeModulesPaths(fromDirectory)) {
    const found = files.isDirectory(folder)
      ? fileOrDirectory(`${folder}/${request}`, files)
      : undefined
    if (found !== undefined) return found
  }
  return undefined
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
  const path = `${directory}/package.json`
  if (!files.isFile(path)) return undefined
  const description = parsePackage(path, files.readText(path))
  if (typeof description !== 'object' || description === null) return undefined
  const main = 'main' in description ? description.main : undefined
  return typeof main === 'string' && main !== '' ? main : undefined
}

function parsePackage(path: string, text: string): unknown {
  try {
    return parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    if (error instanceof Error) error.message = `Error parsing ${path}: ${error.message}`
    throw error
  }
}
