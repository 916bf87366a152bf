import { createHash } from 'node:crypto'
import type { Dirent, Stats } from 'node:fs'
import { mkdir, open, readdir, rename, rm, rmdir, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { bodyBrokenOff } from '../../aws/service-error.ts'
import type { CodeStore, ListedObject } from '../../ports/code-store.ts'
import { syncFolder } from './file-on-disk.ts'
import { bytesOfFile } from './file-stream.ts'

/** What a key is made of. None of its parts leads anywhere but down. */
const KEY = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/

/**
 * Objects as files, each key a path below `folder`. They are written in `drafts`, a folder on the
 * same disk, and get their names when all of them is on it.
 */
export async function fileCodeStore(folder: string, drafts: string): Promise<CodeStore> {
  // What a process that ended left there is nobody's.
  await rm(drafts, { recursive: true, force: true })
  await mkdir(drafts, { recursive: true })
  await mkdir(folder, { recursive: true })

  function pathOf(key: string): string {
    if (!KEY.test(key)) throw new Error(`${key} is no key of an object`)
    return join(folder, key)
  }

  return {
    async put(key, body, size) {
      const path = pathOf(key)
      const draft = join(drafts, crypto.randomUUID())
      try {
        const sha256 = await writeAll(draft, body, size, key)
        await nameAtLast(draft, path)
        return { sha256 }
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
    },
    async head(key) {
      const found = await stat(pathOf(key)).catch(ifMissing)
      return found?.isFile() === true ? describe(found) : undefined
    },
    async get(key, range) {
      const file = await open(pathOf(key)).catch(ifMissing)
      if (file === undefined) return undefined
      const { size, etag } = describe(await file.stat())
      const end = range === undefined ? size : Math.min(size, range.offset + range.length)
      return { size, etag, body: bytesOfFile(file, range?.offset ?? 0, end) }
    },
    async delete(key) {
      const path = pathOf(key)
      await rm(path, { force: true })
      // Only an empty one goes.
      await rmdir(dirname(path)).catch(() => undefined)
    },
    list: (prefix) => listed(folder, prefix),
  }
}

async function writeAll(
  draft: string,
  body: ReadableStream<Uint8Array>,
  size: number,
  key: string,
): Promise<string> {
  const file = await open(draft, 'wx')
  try {
    const hash = createHash('sha256')
    const written = await writeBody(file, body, size, (chunk) => hash.update(chunk))
    if (written !== size) {
      throw new Error(`${key}: ${written} bytes came where ${size} were announced`)
    }
    await file.sync()
    return hash.digest('hex')
  } finally {
    await file.close()
  }
}

/** How many bytes came; no more are taken when they are too many. */
async function writeBody(
  file: FileHandle,
  body: ReadableStream<Uint8Array>,
  size: number,
  see: (chunk: Uint8Array) => void,
): Promise<number> {
  const reader = body.getReader()
  let written = 0
  for (;;) {
    const { done, value } = await reader.read().catch(() => Promise.reject(bodyBrokenOff()))
    if (done) return written
    written += value.byteLength
    if (written > size) {
      await reader.cancel().catch(() => undefined)
      return written
    }
    see(value)
    await file.writeFile(value)
  }
}

/** The folder may go, when its last file is deleted, just before the new one comes. */
async function nameAtLast(draft: string, path: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    await mkdir(dirname(path), { recursive: true })
    const isNamed = await rename(draft, path).then(
      () => true,
      (error: unknown) => (tries < 10 ? ifMissing(error) : Promise.reject(error as Error)),
    )
    if (isNamed === true) break
  }
  await syncFolder(dirname(path))
  await syncFolder(dirname(dirname(path)))
}

/** Depth first: in the order of keys, a folder stands where its name with the slash does. */
async function* listed(
  folder: string,
  prefix: string,
  path = '',
): AsyncGenerator<ListedObject, void, undefined> {
  const entries = await readdir(join(folder, path), { withFileTypes: true }).catch(ifMissing)
  const keys = (entries ?? []).map((entry) => path + nameOf(entry)).sort()
  for (const key of keys) {
    if (key.endsWith('/')) {
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* listed(folder, prefix, key)
    } else if (key.startsWith(prefix)) {
      const found = await stat(join(folder, key)).catch(ifMissing)
      if (found !== undefined) yield { key, uploadedAtMilliseconds: found.mtimeMs }
    }
  }
}

function nameOf(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name
}

/** An object never changes, so its size and the time of its writing are enough to know it by. */
function describe({ size, mtimeMs }: Stats): { size: number; etag: string } {
  return { size, etag: `"${size.toString(16)}-${Math.round(mtimeMs).toString(16)}"` }
}

function ifMissing(error: unknown): undefined {
  const { code } = error as { code?: unknown }
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
  return undefined
}
