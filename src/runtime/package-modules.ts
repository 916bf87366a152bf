import { readEntries } from './read-entries.ts'
import { SCRIPT_PREFIX, SCRIPT_SUFFIX } from './sandbox/protocol.ts'
import { entryPath } from './verify-package.ts'
import { readZipDirectory, type ByteSource } from './zip-directory.ts'
import { couldNotUnzip } from './zip-entry.ts'

/** A file of a package, by its path relative to the package's root. */
export type PackageFile =
  | { path: string; kind: 'script'; source: string }
  | { path: string; kind: 'data'; bytes: Uint8Array }

/**
 * Unzips a package. `.js` and `.cjs` files that are UTF-8 are scripts, without their byte order
 * mark; all else is data, as it is. Throws what `readZipDirectory` and `readEntries` throw.
 */
export async function loadPackage(source: ByteSource): Promise<PackageFile[]> {
  const files: PackageFile[] = []
  await readEntries(source, await readZipDirectory(source), (entry, bytes) => {
    const path = entryPath(entry.name)
    if (path === undefined) throw couldNotUnzip()
    const text = /\.c?js$/.test(path) ? utf8(bytes) : undefined
    files.push(
      text === undefined ? { path, kind: 'data', bytes } : { path, kind: 'script', source: text },
    )
  })
  return files
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
