import { excerpt } from '../aws/excerpt.ts'
import { invalidParameterValue } from '../aws/service-error.ts'
import { utf8Length } from '../aws/utf8.ts'
import { couldNotUnzip, type ZipEntry } from './zip-entry.ts'

/** What file systems take, and far more than packages have; ways to look at paths cost by their length. */
const MAX_NAME_BYTES = 255
const MAX_PATH_CHARACTERS = 1024
/** A character has three bytes at most. */
const POSSIBLY_LONG_NAMES = /[^/]{86,}/g

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

/** Refuses names that may not be used, that occur twice, that put something inside a file, or are too long. */
export function verifyNames(entries: ZipEntry[]): void {
  const claims = entries.flatMap((entry) => {
    const path = entryPath(entry.name)
    if (path === undefined || (path === '' && entry.kind !== 'directory')) throw couldNotUnzip()
    if (isTooLong(path)) throw tooLong(path)
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

function isTooLong(path: string): boolean {
  if (path.length > MAX_PATH_CHARACTERS) return true
  const longNames = path.match(POSSIBLY_LONG_NAMES) ?? []
  return longNames.some((name) => utf8Length(name) > MAX_NAME_BYTES)
}

function tooLong(path: string): Error {
  return invalidParameterValue(
    `The package has a path that is too long: a name may have ${MAX_NAME_BYTES} bytes and a path ` +
      `${MAX_PATH_CHARACTERS} characters, unlike '${excerpt(path, 100)}'`,
  )
}
