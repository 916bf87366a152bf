import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SyncedFile } from './disk-sync.ts'

/** A file that may be new, so that it has to be found by its name as well. */
export function fileOnDisk(path: string): SyncedFile & { close(): void } {
  let file: Promise<FileHandle> | undefined
  let named: Promise<void> | undefined
  let isClosed = false
  return {
    async sync() {
      try {
        if (isClosed) return
        file ??= open(path)
        await (await file).datasync()
        named ??= syncFolder(dirname(path))
        await named
      } catch (error) {
        // What was closed meanwhile is complete, or gone with all that it had.
        if (!isClosed) throw error
      }
    },
    close() {
      isClosed = true
      void file?.then((opened) => opened.close()).catch(() => undefined)
    },
  }
}

/** Names of files are on the disk only when their folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
