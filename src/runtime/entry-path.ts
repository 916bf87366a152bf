import { couldNotUnzip, type ZipEntry } from './zip-entry.ts'

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

/** Refuses names that may not be used, that occur twice, or that put something inside a file. */
export function verifyNames(entries: ZipEntry[]): void {
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
