import { logFault } from '../../aws/log-fault.ts'
import { PUBLISH_AGAIN_MILLISECONDS, Publisher } from '../../aws/publisher.ts'
import type { Alarm } from '../../ports/alarm.ts'
import type { ShardKey, ShardLives } from '../../ports/shards.ts'
import type { Sql } from '../../ports/sql.ts'
import type { StreamIndex } from '../../ports/stream-index.ts'
import type { Stream } from '../../ports/streams.ts'
import { StreamRecordStore } from './stream-record.ts'

/** What a platform gives the actor of one stream's name to live on. */
export interface StreamActorHost {
  streamName: string
  sql: Sql
  alarm: Alarm
  shards: ShardLives
  index: Pick<StreamIndex, 'put' | 'delete'>
  now: () => number
  newId: () => string
}

const LOST_MILLISECONDS = 30_000
const SHARDS_AT_ONCE = 50

/**
 * One stream's name: the single writer of its record. A stream whose shards are not all opened is
 * CREATING, one whose shards are not all removed is DELETING; what a crash or a fault left so is
 * taken up again by alarm.
 */
export class StreamActor {
  readonly #host: StreamActorHost
  readonly #record: StreamRecordStore
  readonly #publisher: Publisher<Stream>
  #working: Promise<void> | undefined

  constructor(host: StreamActorHost) {
    this.#host = host
    this.#record = new StreamRecordStore(host.sql)
    const { index, streamName } = host
    const copy = {
      name: `stream ${streamName}`,
      put: (stream: Stream) => index.put(stream),
      delete: () => index.delete(streamName),
    }
    this.#publisher = new Publisher(this.#record, copy, () =>
      host.alarm.set(host.now() + PUBLISH_AGAIN_MILLISECONDS),
    )
  }

  find(): Stream | undefined {
    return this.#record.current()
  }

  async create(shardCount: number): Promise<'created' | 'existed'> {
    if (this.#record.current() !== undefined) return 'existed'
    const { streamName, newId, now } = this.#host
    this.#record.create(streamName, shardCount, newId(), now())
    await this.#work()
    return 'created'
  }

  async delete(): Promise<'deleted' | 'busy' | 'noSuchStream'> {
    const stream = this.#record.current()
    if (stream === undefined) return 'noSuchStream'
    if (stream.status === 'CREATING') return 'busy'
    this.#record.setStatus('DELETING')
    await this.#work()
    return 'deleted'
  }

  /**
   * The alarm went off. It is set anew before anything is done: the work that is under way, which
   * set the one that is spent now, may fail yet. Cannot reject: a platform may drop an alarm that
   * fails too often.
   */
  async wake(): Promise<void> {
    this.#host.alarm.set(this.#host.now() + LOST_MILLISECONDS)
    await this.#work()
  }

  /** Brings the stream to where it is going, one run for all callers. Cannot reject. */
  async #work(): Promise<void> {
    this.#working ??= this.#workUntilDone()
    await this.#working
  }

  async #workUntilDone(): Promise<void> {
    const { alarm, now, streamName } = this.#host
    try {
      do {
        alarm.set(now() + LOST_MILLISECONDS)
        const stream = this.#record.current()
        if (stream?.status === 'CREATING') await this.#openShards(stream)
        if (stream?.status === 'DELETING') await this.#removeShards(stream)
        await this.#publisher.publish()
      } while (this.#isUnderWay())
      if (this.#record.unpublished() === undefined) alarm.clear()
      else alarm.set(now() + PUBLISH_AGAIN_MILLISECONDS)
    } catch (error) {
      logFault('stream actor', { streamName }, error)
    }
    // In the same breath as the last look, or what changes in between would have nobody at work.
    this.#working = undefined
  }

  #isUnderWay(): boolean {
    const status = this.#record.current()?.status
    return status === 'CREATING' || status === 'DELETING'
  }

  async #openShards(stream: Stream): Promise<void> {
    const { shards } = this.#host
    await this.#forEachShard(stream, (shard) => shards.open(shard, stream.createdAtMilliseconds))
    this.#record.setStatus('ACTIVE')
  }

  async #removeShards(stream: Stream): Promise<void> {
    await this.#forEachShard(stream, (shard) => this.#host.shards.remove(shard))
    this.#record.delete()
  }

  async #forEachShard(
    { streamName, incarnation, shardCount }: Stream,
    act: (shard: ShardKey) => Promise<void>,
  ): Promise<void> {
    for (let first = 0; first < shardCount; first += SHARDS_AT_ONCE) {
      const length = Math.min(SHARDS_AT_ONCE, shardCount - first)
      await Promise.all(
        Array.from({ length }, (_, at) => act({ streamName, incarnation, shardIndex: first + at })),
      )
    }
  }
}
