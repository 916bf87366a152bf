import { logFault } from '../../aws/log-fault.ts'

/** A file, or several, whose bytes may still be the process's or the operating system's alone. */
export interface SyncedFile {
  /** Resolves when what was written before is on the disk. */
  sync(): Promise<void>
}

/** What was written, though nobody waits for it, is on the disk so soon. */
const UNASKED_MILLISECONDS = 20

/**
 * Brings what was written to the disk, for all who wait together: while one sync is under way,
 * those who come share the next. With `synchronous=FULL` SQLite would sync at each commit, of which
 * an event has several, and hold up the process meanwhile; so it only writes (`NORMAL`), and no
 * answer leaves before `synced`. Measured with rows of 500 bytes where a sync takes a tenth of a
 * millisecond, as few disks do: 45,000 commits a second without syncs, 10,700 with one each.
 */
export class DiskSync {
  readonly #unsynced = new Set<SyncedFile>()
  /** Of what was written there no answer tells. */
  readonly #unhurried = new Set<SyncedFile>()
  #isUnhurried = false
  #underWay: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  #unasked: NodeJS.Timeout | undefined
  #failure: Error | undefined

  /** To be called with each write: the file is part of the next sync. */
  wrote(file: SyncedFile): void {
    if (!this.#isUnhurried) this.#unsynced.add(file)
    else if (!this.#unsynced.has(file)) this.#unhurried.add(file)
    this.#unasked ??= setTimeout(() => this.#syncUnasked(), UNASKED_MILLISECONDS)
  }

  /** Nobody waits for what `work` writes: of many such works one sync is made. */
  unhurried(work: () => void): void {
    this.#isUnhurried = true
    try {
      work()
    } finally {
      this.#isUnhurried = false
    }
  }

  /** Resolves when all that was written before the call is on the disk. */
  synced(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#next !== undefined) return this.#next
    if (this.#unsynced.size === 0) return this.#underWay
    this.#next = this.#underWay.then(endOfTurn).then(() => {
      this.#next = undefined
      this.#underWay = this.#sync()
      return this.#underWay
    })
    return this.#next
  }

  /** As `synced`, and what was written unhurried is on the disk, too. */
  allSynced(): Promise<void> {
    for (const file of this.#unhurried) this.#unsynced.add(file)
    this.#unhurried.clear()
    return this.synced()
  }

  #syncUnasked(): void {
    this.#unasked = undefined
    this.allSynced().catch(() => undefined)
  }

  async #sync(): Promise<void> {
    const files = Array.from(this.#unsynced)
    this.#unsynced.clear()
    for (const file of files) this.#unhurried.delete(file)
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

/** Those whose requests came at the same time write before it as well, and share the sync. */
function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
