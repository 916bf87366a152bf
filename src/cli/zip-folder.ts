import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { isAbsolute, join, posix, relative, sep } from 'node:path'
import { Zip, ZipDeflate } from 'fflate'
import { Failure } from './failure.ts'

/** What the gateway takes; said before the zip is made rather than after it was sent. */
const MAX_UNZIPPED_BYTES = 250 * 1024 * 1024
const CHUNK_BYTES = 1024 * 1024

const UNIX = 3
const LINK_MODE = 0o120777

// A zip's dates go from 1980 to 2099.
const FIRST_MILLISECONDS = Date.UTC(1980, 0, 2)
const LAST_MILLISECONDS = Date.UTC(2099, 11, 30)

interface FolderEntry {
  /** With slashes, from the folder on. */
  name: string
  path: string
  size: number
  mode: number
  modifiedMilliseconds: number
  isLink: boolean
}

/**
 * Zips what lies in a folder, without `.git`. Links within the folder stay links, as the gateway
 * follows them; one that leads out of it would lead nowhere there.
 */
export async function zipFolder(
  folder: string,
  progress: (doneBytes: number, totalBytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const entries = await entriesOf(folder)
  if (entries.length === 0) throw new Failure(`${folder} has no files`)
  const total = entries.reduce((sum, { size }) => sum + size, 0)
  if (total > MAX_UNZIPPED_BYTES) {
    throw new Failure(`${folder} has ${sizeText(total)}; at most 250 MB can be uploaded`)
  }
  const chunks: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error
    chunks.push(chunk)
  })
  let done = 0
  for (const entry of entries) {
    const content = entry.isLink ? await linkContent(folder, entry) : await readFile(entry.path)
    const file = new ZipDeflate(entry.name, { level: 9 })
    file.os = UNIX
    file.attrs = ((entry.isLink ? LINK_MODE : entry.mode) << 16) >>> 0
    file.mtime = Math.min(
      Math.max(entry.modifiedMilliseconds, FIRST_MILLISECONDS),
      LAST_MILLISECONDS,
    )
    zip.add(file)
    for (let at = 0; at === 0 || at < content.length; at += CHUNK_BYTES) {
      const end = at + CHUNK_BYTES
      file.push(content.subarray(at, end), end >= content.length)
      const zipped = done + Math.min(end, content.length)
      if (zipped < total) progress(zipped, total)
    }
    done += content.length
  }
  zip.end()
  progress(total, total)
  return new Uint8Array(Buffer.concat(chunks))
}

export function sizeText(bytes: number): string {
  return bytes < 100_000 ? `${bytes} bytes` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

/** In the order of their names, so that the same folder gives the same zip. */
async function entriesOf(folder: string): Promise<FolderEntry[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw new Failure(`${folder} is not a folder that can be read`)
  })
  const files = found.filter((entry) => entry.isFile() || entry.isSymbolicLink())
  const entries: FolderEntry[] = []
  for (const file of files) {
    const path = join(file.parentPath, file.name)
    const name = relative(folder, path).split(sep).join(posix.sep)
    if (/(^|\/)\.git(\/|$)/.test(name)) continue
    const { size, mode, mtimeMs } = await lstat(path)
    const isLink = file.isSymbolicLink()
    entries.push({ name, path, size, mode, isLink, modifiedMilliseconds: mtimeMs })
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function linkContent(folder: string, { name, path }: FolderEntry): Promise<Buffer> {
  const target = await readlink(path)
  const inside = relative(folder, join(path, '..', target))
  if (isAbsolute(target) || inside === '..' || inside.startsWith(`..${sep}`)) {
    throw new Failure(`${name} is a link that leads out of ${folder}: put a copy in its place`)
  }
  return Buffer.from(target)
}
