import type {
  EventSourceConfiguration,
  EventSourceDraft,
} from '../aws/event-source-configuration.ts'
import { functionArn, type Partition } from '../aws/arn.ts'
import { logFault } from '../aws/log-fault.ts'
import type { Publisher } from '../aws/publisher.ts'
import { awsTimestamp } from '../aws/timestamp.ts'
import type { Alarm } from '../ports/alarm.ts'
import type { EventSourceIndex } from '../ports/event-source-index.ts'
import type { AddedEventSource, ShardStatus } from '../ports/event-sources.ts'
import type { FunctionRegistry } from '../ports/function-registry.ts'
import { pumpName, type Pumps } from '../ports/pumps.ts'
import type { Sql } from '../ports/sql.ts'
import type { StreamReader } from '../ports/stream-reader.ts'
import { firstShards, type FirstShard } from './first-shards.ts'
import { withLateTables } from './late-tables.ts'
import { MappedShards } from './mapped-shards.ts'
import { mappingPublisher } from './mapping-publisher.ts'
import { MappingPumps, pumpsOf } from './mapping-pumps.ts'
import { MappingRecordStore } from './mapping-record.ts'
import { mappingStatus } from './mapping-status.ts'

/** What a platform gives the actor of one mapping to live on. */
export interface MappingActorHost {
  sql: Sql
  alarm: Alarm
  functions: Pick<FunctionRegistry, 'get'>
  settings: Partition
  index: Pick<EventSourceIndex, 'put' | 'delete'>
  reader: StreamReader
  pumps: Pumps
  now: () => number
  newId: () => string
}

/** After this, what did not work is tried again. */
const AGAIN_MILLISECONDS = 1100
/** Shards are looked for anew this often; a shard's end is found at once besides. */
const DISCOVERY_MILLISECONDS = 5 * 60_000

/**
 * The mapping of one stream to one function: the single writer of its record, which starts a pump
 * for each shard when the shard's parents have been read to their end, and stops them all.
 */
export class MappingActor {
  readonly #host: MappingActorHost
  readonly #sql: Sql
  readonly #record: MappingRecordStore
  readonly #shards: MappedShards
  readonly #pumps: MappingPumps
  readonly #publisher: Publisher<EventSourceConfiguration>
  #discoverAt: number
  #tending: Promise<void> | undefined
  #isTendWanted = false

  constructor(host: MappingActorHost) {
    this.#host = host
    this.#sql = withLateTables(host.sql, 'mapping')
    this.#record = new MappingRecordStore(this.#sql)
    this.#shards = new MappedShards(this.#sql)
    this.#pumps = new MappingPumps({ ...host, record: this.#record, shards: this.#shards })
    this.#publisher = mappingPublisher({
      record: this.#record,
      index: host.index,
      isRemoving: () => this.#isRemoving(),
      beforeTry: () => this.#armSoon(),
    })
    this.#discoverAt = host.now()
  }

  get(): EventSourceConfiguration | undefined {
    return this.#record.current()
  }

  async add(draft: EventSourceDraft): Promise<AddedEventSource> {
    if (this.#record.current() === undefined) {
      const shards = await firstShards(this.#host.reader, draft)
      if (shards === undefined) return { kind: 'noSuchStream' }
      // The mapping that was removed may still go on, or be in the index: two at once there must
      // not be.
      await this.#finishRemoval()
      if (this.#record.unpublished() !== undefined) throw new Error('The index takes no writes')
      // Another call may have been faster meanwhile.
      if (this.#record.current() === undefined) this.#create(draft, shards)
    }
    const configuration = this.#update(draft)
    this.#armSoon()
    void this.#tend()
    await this.#publisher.publish()
    return { kind: 'added', configuration }
  }

  async remove(UUID: string): Promise<boolean> {
    // A pump that is about to be told to start would start after it was told to stop.
    while (this.#tending !== undefined) await this.#tending
    if (this.#record.current()?.UUID === UUID) this.#letGo(UUID)
    else if (!this.#isRemoving() || this.#record.last()?.UUID !== UUID) return false
    this.#armSoon()
    await this.#finishRemoval()
    return true
  }

  /** A pump says how its shard fares; false when its mapping or shard is gone, and so it should be. */
  async report(UUID: string, shardId: string, status: ShardStatus): Promise<boolean> {
    const record = this.#record.current()
    const pump = pumpName(UUID, shardId)
    if (record?.UUID !== UUID || !this.#shards.isFedBy(shardId, pump)) return false
    this.#shards.setStatus(shardId, status)
    this.#showStatus()
    if (status.kind === 'ended') {
      this.#discoverAt = this.#host.now()
      this.#armSoon()
      void this.#tend()
    }
    await this.#publisher.publish()
    return true
  }

  /** The function was uploaded or deleted. */
  async noticeFunction(): Promise<void> {
    await this.#lookForFunction()
    if (this.#record.fault() === undefined) await this.#pumps.hurry()
    await this.#publisher.publish()
  }

  /** The alarm went off. It is set anew before anything is done. Cannot reject. */
  async wake(): Promise<void> {
    this.#armSoon()
    await this.#tend()
    await this.#publisher.publish()
    this.#rearm()
  }

  #create(draft: EventSourceDraft, shards: readonly FirstShard[]): void {
    this.#sql.transaction(() => {
      this.#record.write({
        ...draft,
        UUID: this.#host.newId(),
        LastModified: awsTimestamp(this.#host.now()),
        IsActive: true,
        Status: 'PENDING',
      })
      this.#record.setFault(undefined)
      for (const { shard, position } of shards) this.#shards.add(shard, position)
    })
    this.#discoverAt = this.#host.now() + DISCOVERY_MILLISECONDS
  }

  #letGo(UUID: string): void {
    this.#sql.transaction(() => {
      this.#record.remove()
      this.#shards.letGo(this.#shards.ids(), pumpsOf(UUID))
    })
  }

  /** Rejects as long as a pump may begin another batch. The alarm goes on trying. */
  async #finishRemoval(): Promise<void> {
    await this.#pumps.stop()
    if (this.#isRemoving()) throw new Error('A pump could not be stopped')
    await this.#publisher.publish()
  }

  /** Whether the mapping was removed, and a pump of it is still to be stopped. */
  #isRemoving(): boolean {
    return this.#record.current() === undefined && this.#shards.stopping().length > 0
  }

  /** What is given anew for a pair that is mapped. Where it reads stays as it is. */
  #update({ BatchSize, Role }: EventSourceDraft): EventSourceConfiguration {
    const record = this.#record.current()
    if (record === undefined) throw new Error('There is no mapping to change')
    if (record.BatchSize === BatchSize && record.Role === Role) return record
    const changed = { ...record, BatchSize, Role, LastModified: awsTimestamp(this.#host.now()) }
    this.#record.write(changed)
    return changed
  }

  /** Does what is to be done with other actors, one round after another. Cannot reject. */
  #tend(): Promise<void> {
    this.#isTendWanted = true
    this.#tending ??= this.#tendWhileWanted()
    return this.#tending
  }

  async #tendWhileWanted(): Promise<void> {
    while (this.#isTendWanted) {
      this.#isTendWanted = false
      await this.#tendOnce()
    }
    // In the same breath as the last look, or a wish in between would have nobody.
    this.#tending = undefined
  }

  async #tendOnce(): Promise<void> {
    try {
      if (this.#host.now() >= this.#discoverAt) {
        this.#discoverAt = this.#host.now() + DISCOVERY_MILLISECONDS
        await this.#lookForFunction()
        await this.#pumps.discover()
        this.#showStatus()
      }
      await this.#pumps.stop()
      await this.#pumps.start()
    } catch (error) {
      logFault('mapping', { ...this.#record.last() }, error)
    }
  }

  async #lookForFunction(): Promise<void> {
    const FunctionName = this.#record.current()?.FunctionName
    if (FunctionName === undefined) return
    const found = await this.#host.functions.get(FunctionName)
    const arn = functionArn(this.#host.settings, FunctionName)
    this.#record.setFault(found === undefined ? `Function not found: ${arn}` : undefined)
    this.#showStatus()
  }

  #showStatus(): void {
    const record = this.#record.current()
    if (record === undefined) return
    const statuses = this.#shards.statuses()
    const Status = mappingStatus(record.Status, this.#record.fault(), statuses)
    if (Status !== record.Status) this.#record.write({ ...record, Status })
  }

  #armSoon(): void {
    this.#host.alarm.set(this.#host.now() + AGAIN_MILLISECONDS)
  }

  #rearm(): void {
    if (this.#pumps.isBehind() || this.#record.unpublished() !== undefined) this.#armSoon()
    else if (this.#record.current() === undefined) this.#host.alarm.clear()
    else this.#host.alarm.set(Math.max(this.#discoverAt, this.#host.now() + AGAIN_MILLISECONDS))
  }
}
