import { invalidParameterValue } from '../aws/service-error.ts'
import { couldNotUnzip, type ZipEntry } from './zip-entry.ts'

/** Lambda's own limit, still the same today. */
export const MAX_UNZIPPED_BYTES = 262_144_000
/** A Dynamic Worker takes 64 MiB of code, and its isolate of 128 MB must hold it besides the heap. */
export const MAX_LOADABLE_BYTES = 41_943_040

const HANDLER_ENDINGS = ['.js', '.cjs', '.mjs', '/index.js', '']

/** The folder that the macOS Finder adds next to what it zips. */
const MACOS_FOLDER = '__MACOSX'

/**
 * Judges a package by its directory alone, in the order: names, links, sizes, handler file. Throws
 * InvalidParameterValueException; a package that passes may still turn out to be corrupt.
 */
export function verifyPackage(entries: ZipEntry[], handler: string): void {
  verifyNames(entries)
  verifyKinds(entries)
  verifySizes(entries)
  verifyHandler(entries, handler)
}

/**
 * Where an entry belongs: relative to the package's root, without `.`, empty or trailing parts, so
 * `./lib//a.js` is `lib/a.js`. `undefined` when the name may not be used at all: it is absolute,
 * climbs by `..`, or has a drive letter, a backslash or a NUL.
 */
export function entryPath(name: string): string | undefined {
  if (name.startsWith('/') || name.includes('\\') || name.includes('\0')) return undefined
  if (/^[A-Za-z]:/.test(name)) return undefined
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  return parts.includes('..') ? undefined : parts.join('/')
}

/** Refuses what is too large by its own account; to be called before anything is unzipped. */
export function verifySizes(entries: ZipEntry[]): void {
  const unzippedBytes = entries.reduce((total, { size }) => total + size, 0)
  if (unzippedBytes > MAX_UNZIPPED_BYTES) {
    throw invalidParameterValue(`Unzipped size must be smaller than ${MAX_UNZIPPED_BYTES} bytes`)
  }
  if (unzippedBytes > MAX_LOADABLE_BYTES) {
    throw invalidParameterValue(
      `Unzipped size is ${unzippedBytes} bytes, and functions larger than ` +
        `${MAX_LOADABLE_BYTES} bytes cannot be loaded here`,
    )
  }
}

function verifyNames(entries: ZipEntry[]): void {
  const claims = entries.flatMap((entry) => {
    const path = entryPath(entry.name)
    if (path === undefined || (path === '' && entry.kind !== 'directory')) throw couldNotUnzip()
    // By the slash at the end, all that is inside `a` sorts right behind `a`, after `a-b` and `a.js`.
    return path === '' ? [] : [{ key: `${path}/`, isFile: entry.kind !== 'directory' }]
  })
  claims.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  claims.forEach(({ key, isFile }, index) => {
    const next = claims[index + 1]
    if (next === undefined) return
    const clashes = isFile ? next.key.startsWith(key) : next.isFile && next.key === key
    if (clashes) throw couldNotUnzip()
  })
}

function verifyKinds(entries: ZipEntry[]): void {
  const link = entries.find(({ kind }) => kind === 'symlink')
  if (link === undefined) return
  throw invalidParameterValue(
    `The package contains a symbolic link, '${link.name}': replace it by the file it points to`,
  )
}

function verifyHandler(entries: ZipEntry[], handler: string): void {
  const dot = handler.lastIndexOf('.')
  const module = handler.slice(0, Math.max(0, dot))
  const modulePath = entryPath(module)
  if (modulePath === '' || dot === handler.length - 1) {
    throw invalidParameterValue(
      `The handler '${handler}' must name a file and what it exports, as in 'index.handler'`,
    )
  }
  const files = entries.filter(({ kind }) => kind === 'file')
  const paths = new Set(files.map(({ name }) => entryPath(name)))
  const isIn = (folder: string) =>
    modulePath !== undefined &&
    HANDLER_ENDINGS.some((ending) => paths.has(folder + modulePath + ending))
  if (isIn('')) return
  const folder = onlyFolder(paths)
  const hint =
    folder !== undefined && isIn(`${folder}/`)
      ? `it is in the folder '${folder}'. Zip the contents of that folder, not the folder itself`
      : `the handler '${handler}' needs it`
  throw invalidParameterValue(
    `Could not find the handler file '${modulePath ?? module}.js' in the package: ${hint}`,
  )
}

/** The folder that everything is in, if there is one. */
function onlyFolder(paths: Set<string | undefined>): string | undefined {
  const tops = new Set([...paths].map((path) => path?.split('/', 1)[0]))
  tops.delete(MACOS_FOLDER)
  return tops.size === 1 ? [...tops][0] : undefined
}
