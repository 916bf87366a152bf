import { logFault } from './log-fault.ts'

/** After this a write that a store refused is tried again: it takes one a second of a key. */
export const PUBLISH_AGAIN_MILLISECONDS = 1100

/** An actor's record, of which a copy is published where it is read and listed. */
export interface PublishedRecord<Shown> {
  /** What the copy should show; `undefined` when it should show nothing. */
  current(): Shown | undefined
  /** The version of what the copy does not show yet. */
  unpublished(): number | undefined
  markPublished(version: number): void
}

/** Where the copy is. A write may be refused, when another was less than a second ago. */
export interface PublishedCopy<Shown> {
  /** Says in a log whose copy it is. */
  name: string
  put(shown: Shown): Promise<void>
  delete(): Promise<void>
}

/** Keeps a copy as the record is: one write at a time, and the newest state wins. */
export class Publisher<Shown> {
  readonly #record: PublishedRecord<Shown>
  readonly #copy: PublishedCopy<Shown>
  readonly #beforeTry: () => void
  #publishing: Promise<void> | undefined

  /** `beforeTry` sees to it that what is not published is tried again, even after a crash. */
  constructor(record: PublishedRecord<Shown>, copy: PublishedCopy<Shown>, beforeTry: () => void) {
    this.#record = record
    this.#copy = copy
    this.#beforeTry = beforeTry
  }

  /** Cannot reject: a write that fails, the record's own too, stays to be done. */
  async publish(): Promise<void> {
    if (this.#record.unpublished() === undefined) return
    this.#publishing ??= this.#publishNewest()
    await this.#publishing
  }

  async #publishNewest(): Promise<void> {
    let version = this.#record.unpublished()
    while (version !== undefined) {
      if (!(await this.#publishOne(version))) break
      version = this.#record.unpublished()
    }
    // In the same breath as the last look, or what changes in between would have no publisher.
    this.#publishing = undefined
  }

  async #publishOne(version: number): Promise<boolean> {
    try {
      this.#beforeTry()
      const shown = this.#record.current()
      if (shown === undefined) await this.#copy.delete()
      else await this.#copy.put(shown)
      this.#record.markPublished(version)
      return true
    } catch (error) {
      logFault('not published', { name: this.#copy.name }, error)
      return false
    }
  }
}
