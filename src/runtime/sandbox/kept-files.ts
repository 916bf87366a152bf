import { fromUrl } from './bundle-files.ts'
import { printError } from './console-lines.ts'
import { HIDDEN } from './file-results.ts'
import { nodeFs } from './node-fs.ts'

const FOLDER = '/tmp'
/** What Lambda's `/tmp` holds. An isolate has 128 MB for all: the rest is out of memory before. */
const MAX_BYTES = 512 * 1024 * 1024

type Kept =
  | { kind: 'folder'; path: string }
  | { kind: 'link'; path: string; target: string }
  | { kind: 'file'; path: string; bytes: Uint8Array; modifiedSeconds: number }

let kept: Kept[] = []

/** Puts back what the call before left in `/tmp`, which workerd empties after every request. */
export function restoreFiles(): void {
  orElseNone(() => {
    for (const one of kept) restore(one)
  })
}

/** Copies what is in `/tmp`, for the next call. */
export function keepFiles(): void {
  orElseNone(() => {
    // Without `fs` nothing was written.
    if (!nodeFs.isMade()) return
    const found: Kept[] = []
    const bytes = collect(FOLDER, found)
    kept = bytes > MAX_BYTES ? [] : found
    if (bytes > MAX_BYTES) printError(`${FOLDER} holds ${bytes} bytes: nothing in it is kept`)
  })
}

export function forgetFiles(): void {
  kept = []
}

/** Files must not decide a call, not even where user code has broken what reads them. */
function orElseNone(action: () => void): void {
  try {
    action()
  } catch {
    kept = []
  }
}

function restore(one: Kept): void {
  const { mkdirSync, symlinkSync, utimesSync, writeFileSync } = nodeFs()
  if (one.kind === 'folder') mkdirSync(one.path, { recursive: true })
  else if (one.kind === 'link') symlinkSync(one.target, one.path)
  else {
    writeFileSync(one.path, one.bytes)
    utimesSync(one.path, one.modifiedSeconds, one.modifiedSeconds)
  }
}

function collect(folder: string, found: Kept[]): number {
  const { lstatSync, readFileSync, readdirSync, readlinkSync } = nodeFs()
  let total = 0
  for (const name of readdirSync(folder)) {
    if (name === HIDDEN) continue
    const path = `${folder}/${fromUrl(name)}`
    const stats = lstatSync(path)
    if (stats.isDirectory()) {
      found.push({ kind: 'folder', path })
      total += collect(path, found)
    } else if (stats.isSymbolicLink()) {
      found.push({ kind: 'link', path, target: readlinkSync(path) })
    } else if (stats.isFile()) {
      total += stats.size
      const bytes = total > MAX_BYTES ? new Uint8Array() : readFileSync(path)
      found.push({ kind: 'file', path, bytes, modifiedSeconds: stats.mtimeMs / 1000 })
    }
  }
  return total
}
