import { logFault } from '../../aws/log-fault.ts'

/** A file, or several, whose bytes may still be the process's or the operating system's alone. */
export interface SyncedFile {
  /** Resolves when what was written before is on the disk. */
  sync(): Promise<void>
}

/** What was written, though nobody waits for it, is on the disk so soon. */
const UNASKED_MILLISECONDS = 20
/** … and if no answer will ever tell of it. Each sync takes something from those that are waited for. */
const UNHURRIED_MILLISECONDS = 100

/**
 * Brings what was written to the disk, for all who wait together: while one sync is under way,
 * those who come share the next. With `synchronous=FULL` SQLite would sync at each commit, of which
 * an event has several, and hold up the process meanwhile; so it only writes (`NORMAL`), and no
 * answer leaves before `synced`. Measured with rows of 500 bytes where a sync takes a tenth of a
 * millisecond, as few disks do: 45,000 commits a second without syncs, 10,700 with one each.
 */
export class DiskSync {
  readonly #hurried = new SharedSync((files) => this.#sync(files))
  /** Of what was written there no answer tells, so that none waits for its being synced either. */
  readonly #unhurried = new SharedSync((files) => this.#sync(files))
  #isUnhurried = false
  #failure: Error | undefined

  /** To be called with each write: the file is part of the next sync. */
  wrote(file: SyncedFile): void {
    if (this.#hurried.has(file)) return
    if (this.#isUnhurried) {
      this.#unhurried.add(file, UNHURRIED_MILLISECONDS, () => this.#unhurried.synced())
    } else this.#hurried.add(file, UNASKED_MILLISECONDS, () => this.synced())
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
    return this.#hurried.synced()
  }

  /** As `synced`, and what was written unhurried is on the disk, too. */
  async allSynced(): Promise<void> {
    await Promise.all([this.synced(), this.#unhurried.synced()])
  }

  async #sync(files: readonly SyncedFile[]): Promise<void> {
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

/** Syncs of files, one at a time: those who come during one share the next. */
class SharedSync {
  readonly #sync: (files: readonly SyncedFile[]) => Promise<void>
  /** Those of the next sync. */
  readonly #files = new Set<SyncedFile>()
  #underWay: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  #unasked: NodeJS.Timeout | undefined

  constructor(sync: (files: readonly SyncedFile[]) => Promise<void>) {
    this.#sync = sync
  }

  has(file: SyncedFile): boolean {
    return this.#files.has(file)
  }

  /** `ask` asks for the sync in time, should nobody else. */
  add(file: SyncedFile, withinMilliseconds: number, ask: () => Promise<void>): void {
    this.#files.add(file)
    this.#unasked ??= setTimeout(() => {
      this.#unasked = undefined
      ask().catch(() => undefined)
    }, withinMilliseconds)
  }

  synced(): Promise<void> {
    if (this.#next !== undefined) return this.#next
    if (this.#files.size === 0) return this.#underWay
    this.#next = this.#underWay.then(endOfTurn).then(() => {
      this.#next = undefined
      const files = Array.from(this.#files)
      this.#files.clear()
      this.#underWay = this.#sync(files)
      return this.#underWay
    })
    return this.#next
  }
}

/** Those whose requests came at the same time write before it as well, and share the sync. */
function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
