import { logFault } from '../../aws/log-fault.ts'

/** A file, or several, whose bytes may still be the operating system's alone. */
export interface SyncedFile {
  /** Resolves when what was written before is on the disk. */
  sync(): Promise<void>
}

/** What was written, though nobody waits for it, is on the disk so soon. */
const UNASKED_MILLISECONDS = 20

/**
 * Brings what was written to the disk, for all who wait together: while one sync is under way,
 * those who come share the next. With `synchronous=FULL` SQLite would sync at each commit, of which
 * an event has three, and hold up the process meanwhile; so it only writes (`NORMAL`), and no answer
 * leaves before `synced`. Measured with rows of 500 bytes where a sync takes a tenth of a
 * millisecond, as few disks do: 45,000 commits a second without syncs, 10,700 with one each.
 */
export class DiskSync {
  readonly #unsynced = new Set<SyncedFile>()
  #underWay: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  #unasked: NodeJS.Timeout | undefined
  #failure: Error | undefined

  /** To be called after a write: the file is part of the next sync. */
  wrote(file: SyncedFile): void {
    this.#unsynced.add(file)
    this.#unasked ??= setTimeout(() => {
      this.synced().catch(() => undefined)
    }, UNASKED_MILLISECONDS)
  }

  /** Resolves when all that was written before the call is on the disk. */
  synced(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#next !== undefined) return this.#next
    if (this.#unsynced.size === 0) return this.#underWay
    this.#next = this.#underWay.then(() => {
      this.#next = undefined
      this.#underWay = this.#sync()
      return this.#underWay
    })
    return this.#next
  }

  async #sync(): Promise<void> {
    clearTimeout(this.#unasked)
    this.#unasked = undefined
    const files = Array.from(this.#unsynced)
    this.#unsynced.clear()
    try {
      await Promise.all(files.map((file) => file.sync()))
    } catch (error) {
      // After a sync that failed the system may have dropped what it could not write, and a later
      // one would not tell. Nothing is promised any more, until a new process looks what is there.
      this.#failure = new Error('The disk failed; the gateway has to be started anew', {
        cause: error,
      })
      logFault('disk not synced', {}, error)
      throw this.#failure
    }
  }
}
