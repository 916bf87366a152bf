import { closeSync, fdatasyncSync, openSync } from 'node:fs'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { fileOnDisk } from './file-on-disk.ts'

/** Four megabytes, as SQLite would have it. */
const LONG_LOG_PAGES = 1000

/**
 * SQLite makes a checkpoint by itself only where it was left no moment for one for long. No page is
 * written to the log before its commit, not even of a large transaction.
 */
export const SETTINGS_OF_CHECKPOINTS = `PRAGMA wal_autocheckpoint = ${4 * LONG_LOG_PAGES}; PRAGMA cache_spill = OFF`

/**
 * Brings what is in a database's log into its own file, and that to the disk, without holding up the
 * process. SQLite would do it within a commit, and sync both there: while another wrote much that
 * took 20 to 180 ms, in which nobody's event went on. So the pages are copied in a moment when all
 * of the log is on the disk and nothing is under way. The next commit begins the log anew, and waits
 * until what it has had is on the disk elsewhere.
 */
export class Checkpoints {
  readonly #database: DatabaseSync
  readonly #path: string
  readonly #file: ReturnType<typeof fileOnDisk>
  readonly #state: StatementSync
  #settled: Promise<void> = Promise.resolve()
  #isSettled = true
  #lastSynced: number | undefined

  constructor(database: DatabaseSync, path: string) {
    this.#database = database
    this.#path = path
    this.#file = fileOnDisk(path)
    this.#state = database.prepare('PRAGMA wal_checkpoint(NOOP)')
  }

  /** Resolves when there may be a commit; rejects where the disk has failed. */
  settled(): Promise<void> {
    return this.#settled
  }

  /** Copies a long log: all of it is on the disk, and no transaction is under way. */
  begin(): void {
    if (this.#pagesToCopy() < LONG_LOG_PAGES || !this.#copy()) return
    this.#isSettled = false
    this.#settled = this.#file.sync().then(() => {
      this.#isSettled = true
    })
    // Whoever commits next will see.
    this.#settled.catch(() => undefined)
  }

  /** Waits, and everybody with it: the database is closed next, which deletes its log. */
  finish(): void {
    if (this.#isSettled) return
    this.#lastSynced = openSync(this.#path, 'r')
    fdatasyncSync(this.#lastSynced)
  }

  /** After the database: where a process closes a file of its own, SQLite's lock on it ends, too. */
  close(): void {
    this.#file.close()
    if (this.#lastSynced !== undefined) closeSync(this.#lastSynced)
  }

  #pagesToCopy(): number {
    const state = this.#state.get()
    return Number(state?.['log']) - Number(state?.['checkpointed'])
  }

  /** Where there is no room for it the log goes on, as it does for SQLite. */
  #copy(): boolean {
    try {
      this.#database.exec('PRAGMA synchronous = OFF; PRAGMA wal_checkpoint(PASSIVE)')
      return true
    } catch {
      return false
    } finally {
      this.#database.exec('PRAGMA synchronous = NORMAL')
    }
  }
}
