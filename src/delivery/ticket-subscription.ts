import { logFault } from '../aws/log-fault.ts'
import type { StreamReader } from '../ports/stream-reader.ts'

interface Options {
  reader: StreamReader
  streamName: string
  shardId: string
  pump: string
}

/**
 * Whether a shard tells a pump by a ticket that it has more. Cannot reject: without tickets a pump
 * is slower, and one too many wakes nobody.
 */
export class TicketSubscription {
  readonly #options: Options
  #isMade = false

  constructor(options: Options) {
    this.#options = options
  }

  async make(): Promise<void> {
    if (!this.#isMade) await this.#subscribe(true)
  }

  cancel(): Promise<void> {
    return this.#subscribe(false)
  }

  /** The shard is gone, and what it knew with it. */
  lost(): void {
    this.#isMade = false
  }

  async #subscribe(isWanted: boolean): Promise<void> {
    const { reader, streamName, shardId, pump } = this.#options
    try {
      await reader.subscribe(streamName, shardId, pump, isWanted)
      this.#isMade = isWanted
    } catch (error) {
      logFault('pump not subscribed', { pump, isWanted }, error)
    }
  }
}
