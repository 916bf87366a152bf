import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, realpathSync, rmdirSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { logFault } from '../../../aws/log-fault.ts'
import { withinTime } from '../time-limit.ts'
import { SHELL } from './system-shell.ts'

/** No process has such a name: theirs are numbers. */
const DISCARDED = 'discarded'
/** A function can have taken from everybody, root aside, what it takes to remove its folders. */
const PROGRAM = `nice rm -rf -- "$0"/* 2>/dev/null || {
  nice chmod -R u+rwX -- "$0"/* 2>/dev/null
  nice rm -rf -- "$0"/*
}`
const ENVIRONMENT = { PATH: '/usr/bin:/bin' }
const MAX_TOLD_LENGTH = 500
const CLOSE_MILLISECONDS = 1000

/**
 * Is rid of folders that functions wrote into, whatever they made of them. To move one away takes
 * a moment; to remove it is another program's work, and nobody waits for that. The gateway must not
 * do it itself: folders 14,000 deep overflow a stack of Deno's, and the whole process aborts
 * (measured, 2.9.5), while `rm` and `chmod` walk through any depth.
 */
export class DiscardedFolders {
  /** Where the folders are that will be discarded: its real path, of which permissions are. */
  readonly folder: string
  readonly #discarded: string
  #removing: Promise<void> | undefined
  #isMore = false

  private constructor(folder: string) {
    this.folder = folder
    this.#discarded = join(folder, DISCARDED)
  }

  /** Makes the folder, or discards all that an earlier gateway has left in it. */
  static async empty(folder: string): Promise<DiscardedFolders> {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const folders = new DiscardedFolders(realpathSync(folder))
    mkdirSync(folders.#discarded, { recursive: true })
    await folders.#discardAll()
    return folders
  }

  /** Resolves when there is nothing under this path any more; removes it later. Cannot reject. */
  async discard(path: string): Promise<void> {
    try {
      await rename(path, join(this.#discarded, crypto.randomUUID()))
    } catch (error) {
      logFault('folder not discarded', { path }, error)
    }
    this.#remove()
  }

  /**
   * Discards all that there is, and the folder itself. What cannot be removed within a moment stays,
   * and the program goes on with it even when the gateway has ended. Cannot reject.
   */
  async close(): Promise<void> {
    try {
      await this.#discardAll()
      await withinTime(CLOSE_MILLISECONDS, this.#removing ?? Promise.resolve())
      for (const folder of [this.#discarded, this.folder]) rmdirSync(folder)
    } catch {
      // The next gateway goes on with it.
    }
  }

  async #discardAll(): Promise<void> {
    const left = readdirSync(this.folder).filter((name) => name !== DISCARDED)
    await Promise.all(left.map((name) => this.discard(join(this.folder, name))))
    this.#remove()
  }

  /** At most once at a time, so that hardly anything is left to do when many processes end. */
  #remove(): void {
    this.#isMore = true
    this.#removing ??= this.#removeAll()
  }

  async #removeAll(): Promise<void> {
    while (this.#isMore) {
      this.#isMore = false
      await removeIn(this.#discarded).catch((error: unknown) => {
        logFault('folders not removed', { folder: this.#discarded }, error)
      })
    }
    this.#removing = undefined
  }
}

/** Rejects with what the program has told, at least with how that began. */
async function removeIn(folder: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  const child = spawn(SHELL, ['-c', PROGRAM, folder], {
    env: ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let told = ''
  child.stderr.on('data', (chunk: Buffer) => {
    if (told.length < MAX_TOLD_LENGTH) told += chunk.toString().slice(0, MAX_TOLD_LENGTH)
  })
  child.once('error', reject)
  child.once('close', () => resolve(undefined))
  await promise
  if (told !== '') throw new Error(told)
}
