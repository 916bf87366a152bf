import { placeFiles, readLinkTargets } from './package-files.ts'
import { readEntries } from './read-entries.ts'
import { SCRIPT_PREFIX, SCRIPT_SUFFIX } from './sandbox/protocol.ts'
import { readZipDirectory, type ByteSource } from './zip-directory.ts'
import type { ZipEntry } from './zip-entry.ts'

/** A file of a package, by its path relative to the package's root. */
export type PackageFile =
  | { path: string; kind: 'script'; source: string }
  | { path: string; kind: 'data'; bytes: Uint8Array }

/**
 * Unzips a package, and follows its links. `.js` and `.cjs` files that are UTF-8 are scripts,
 * without their byte order mark; all else is data, as it is. Throws what `readZipDirectory`,
 * `placeFiles` and `readEntries` throw.
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
  return files
}

function packageFile(path: string, bytes: Uint8Array): PackageFile {
  const source = /\.c?js$/.test(path) ? utf8(bytes) : undefined
  return source === undefined ? { path, kind: 'data', bytes } : { path, kind: 'script', source }
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

/**
 * The scripts that have a syntax error, with its message and line. They must be kept out of the
 * worker: workerd refuses it as a whole for one CommonJS module that does not parse.
 */
export async function unparsableScripts(
  files: PackageFile[],
): Promise<{ path: string; message: string }[]> {
  const scripts = files.filter((file) => file.kind === 'script')
  if (scripts.length === 0) return []
  const { findScriptError } = await import('./script-parser.ts')
  return scripts.flatMap(({ path, source }) => {
    const error = findScriptError(source, scriptModule(source))
    return error === undefined ? [] : [{ path, message: `${error.message} (line ${error.line})` }]
  })
}
