import type fs from 'node:fs'
import { textOf } from './answers.ts'
import { entryName, fromBundle, isWrapped, toBundle } from './bundle-files.ts'
import { nodeFs } from './node-fs.ts'
import { presentError } from './file-errors.ts'
import { apply, get, set } from './primordials.ts'
import { SCRIPT_PREFIX, SCRIPT_SUFFIX } from './protocol.ts'

const WRAPPING_BYTES = SCRIPT_PREFIX.length + SCRIPT_SUFFIX.length

/** The folder in `/tmp` of the sandbox's own copies; no listing shows it. */
export const HIDDEN = '.unwrapped'

/** A result of `node:fs`, with the user's own paths and sizes in it. */
export function present(result: unknown, path: string | undefined): unknown {
  if (typeof result === 'string') return fromBundle(result)
  if (Array.isArray(result)) {
    const entries = result.map((entry: unknown) => presentEntry(entry, path))
    return path?.startsWith('/tmp') === true ? entries.filter(isShown) : entries
  }
  if (path === undefined) return result
  const { ReadStream, Stats } = nodeFs()
  if (result instanceof Stats && isWrapped(path)) presentSize(result)
  else if (result instanceof ReadStream) presentStream(result, path)
  return result
}

function isShown(entry: unknown): boolean {
  const { Dirent } = nodeFs()
  const name = entry instanceof Dirent ? `${entry.parentPath}/${entry.name}` : textOf(entry)
  return !/(^|\/)\.unwrapped(\/|$)/.test(name)
}

function presentEntry(entry: unknown, path = '/'): unknown {
  if (entry instanceof nodeFs().Dirent) {
    entry.name = entryName(String(entry.name))
    entry.parentPath = fromBundle(entry.parentPath)
  }
  if (typeof entry !== 'string') return entry
  // With `recursive`, workerd's entries are relative to the root.
  const root = `${toBundle(path).slice(1)}/`
  return entryName(entry.startsWith(root) ? entry.slice(root.length) : entry)
}

function presentSize(stats: fs.Stats): void {
  const size: unknown = get(stats, 'size')
  set(
    stats,
    'size',
    typeof size === 'bigint' ? size - BigInt(WRAPPING_BYTES) : Number(size) - WRAPPING_BYTES,
  )
}

function presentStream(stream: fs.ReadStream, path: string): void {
  const emit = stream.emit.bind(stream)
  const emitPresented = (...[event, first, ...rest]: unknown[]): unknown => {
    // Until it is open, the stream itself reads its path.
    if (event === 'open') stream.path = path
    return apply(emit, stream, [event, event === 'error' ? presentError(first) : first, ...rest])
  }
  set(stream, 'emit', emitPresented)
}
