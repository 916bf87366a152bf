import { logFault } from '../aws/log-fault.ts'
import { parseStreamArn } from '../aws/stream-arn.ts'
import { pumpName, type PumpJob } from '../ports/pumps.ts'
import type { ShardPosition, ShardRead, StreamReader } from '../ports/stream-reader.ts'

/**
 * A shard as its pump reads it: from the first read on, whoever puts into it wakes the pump by a
 * ticket. Without tickets a pump is slower.
 */
export class SubscribedShard {
  readonly #reader: StreamReader
  readonly #streamName: string
  readonly #shardId: string
  readonly #pump: string
  /** Of the stream whose shard sends tickets. */
  #incarnation: string | undefined
  #lastCall: Promise<unknown> = Promise.resolve()

  constructor(reader: StreamReader, { shardId, mapping }: PumpJob) {
    this.#reader = reader
    this.#streamName = parseStreamArn(mapping.EventSource)?.streamName ?? ''
    this.#shardId = shardId
    this.#pump = pumpName(mapping.UUID, shardId)
  }

  async read(position: ShardPosition, limit: number): Promise<ShardRead> {
    if (this.#incarnation === undefined) await this.#subscribe()
    const read = await this.#reader.read(this.#streamName, this.#shardId, position, limit)
    const incarnation = read.kind === 'records' ? read.incarnation : undefined
    if (this.#incarnation === undefined || this.#incarnation === incarnation) return read
    this.#incarnation = undefined
    // Of what is put into a stream made anew no ticket tells, until the pump has subscribed there.
    return read.kind === 'records' ? { ...read, hasMore: true } : read
  }

  /** Rejects when the shard could not be told: it would wake the pump for ever. */
  async unsubscribe(): Promise<void> {
    await this.#tell(false)
  }

  /** Cannot reject. */
  async #subscribe(): Promise<void> {
    try {
      this.#incarnation = await this.#tell(true)
    } catch (error) {
      logFault('pump not subscribed', { pump: this.#pump }, error)
    }
  }

  /** One call after the other: one that is overtaken would have the last word. */
  #tell(isWanted: boolean): Promise<string | undefined> {
    const call = this.#lastCall.then(() =>
      this.#reader.subscribe(this.#streamName, this.#shardId, this.#pump, isWanted),
    )
    this.#lastCall = call.catch(() => undefined)
    return call
  }
}
