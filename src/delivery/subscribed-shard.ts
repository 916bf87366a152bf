import { logFault } from '../aws/log-fault.ts'
import type { ShardPosition, ShardRead, StreamReader } from '../ports/stream-reader.ts'

interface Options {
  reader: StreamReader
  streamName: string
  shardId: string
  pump: string
}

/**
 * A shard as its pump reads it: from the first read on, whoever puts into it wakes the pump by a
 * ticket. Without tickets a pump is slower, and one too many wakes nobody.
 */
export class SubscribedShard {
  readonly #options: Options
  /** Of the stream whose shard sends tickets. */
  #incarnation: string | undefined

  constructor(options: Options) {
    this.#options = options
  }

  async read(position: ShardPosition, limit: number): Promise<ShardRead> {
    const { reader, streamName, shardId } = this.#options
    if (this.#incarnation === undefined) await this.#subscribe(true)
    const read = await reader.read(streamName, shardId, position, limit)
    const incarnation = read.kind === 'records' ? read.incarnation : undefined
    if (this.#incarnation === undefined || this.#incarnation === incarnation) return read
    this.#incarnation = undefined
    // Of what is put into a stream made anew no ticket tells, until the pump has subscribed there.
    return read.kind === 'records' ? { ...read, hasMore: true } : read
  }

  async unsubscribe(): Promise<void> {
    await this.#subscribe(false)
  }

  /** Cannot reject. */
  async #subscribe(isWanted: boolean): Promise<void> {
    const { reader, streamName, shardId, pump } = this.#options
    try {
      const incarnation = await reader.subscribe(streamName, shardId, pump, isWanted)
      this.#incarnation = isWanted ? incarnation : undefined
    } catch (error) {
      logFault('pump not subscribed', { pump, isWanted }, error)
    }
  }
}
