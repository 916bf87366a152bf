import { logFault } from '../aws/log-fault.ts'
import type { LogGroupIndex } from '../ports/log-group-index.ts'
import type { LogGroupRecordStore } from './log-group-record.ts'

/** Keeps the index as the record is: one write at a time, and the newest state wins. */
export class LogGroupPublisher {
  readonly #record: LogGroupRecordStore
  readonly #index: Pick<LogGroupIndex, 'put' | 'delete'>
  readonly #beforeTry: () => void
  #publishing: Promise<void> | undefined

  constructor(
    record: LogGroupRecordStore,
    index: Pick<LogGroupIndex, 'put' | 'delete'>,
    beforeTry: () => void,
  ) {
    this.#record = record
    this.#index = index
    this.#beforeTry = beforeTry
  }

  /** Cannot reject: a write that the index refuses stays to be done. */
  async publish(): Promise<void> {
    if (this.#record.unpublished() === undefined) return
    this.#publishing ??= this.#publishNewest()
    await this.#publishing
  }

  async #publishNewest(): Promise<void> {
    let unpublished = this.#record.unpublished()
    while (unpublished !== undefined) {
      this.#beforeTry()
      if (!(await this.#publishOne(unpublished.logGroupName))) break
      this.#record.markPublished(unpublished.version)
      unpublished = this.#record.unpublished()
    }
    // In the same breath as the last look, or what changes in between would have no publisher.
    this.#publishing = undefined
  }

  async #publishOne(logGroupName: string): Promise<boolean> {
    const record = this.#record.current()
    try {
      if (record === undefined) await this.#index.delete(logGroupName)
      else await this.#index.put(record)
      return true
    } catch (error) {
      logFault('log group not published', { logGroupName }, error)
      return false
    }
  }
}
