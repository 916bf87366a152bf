import type { EventSourceConfiguration } from '../aws/event-source-configuration.ts'
import { logFault } from '../aws/log-fault.ts'
import { parseStreamArn } from '../aws/stream-arn.ts'
import { pumpName, type Pumps } from '../ports/pumps.ts'
import type { StreamReader } from '../ports/stream-reader.ts'
import { inTurns } from './in-turns.ts'
import type { MappedShards } from './mapped-shards.ts'
import type { MappingRecordStore } from './mapping-record.ts'

interface MappingPumpsHost {
  record: MappingRecordStore
  shards: MappedShards
  reader: StreamReader
  pumps: Pumps
}

/** Brings the pumps in line with what is stored of a mapping. All of it may be done again. */
export class MappingPumps {
  readonly #host: MappingPumpsHost

  constructor(host: MappingPumpsHost) {
    this.#host = host
  }

  /** Whether there is anything to start or to stop. */
  isBehind(): boolean {
    const { record, shards } = this.#host
    const current = record.current()
    const toStart = current === undefined ? [] : this.#toStart(current)
    return toStart.length > 0 || shards.stopping().length > 0
  }

  /**
   * Looks for shards that are new, and for those that are gone: all of theirs expired, or their
   * stream was made anew with fewer.
   */
  async discover(): Promise<void> {
    const { record, shards, reader } = this.#host
    const current = record.current()
    if (current === undefined) return
    const found = await reader.shards(streamNameOf(current))
    if (found === undefined || record.current()?.UUID !== current.UUID) return
    // A stream that is being created has lost none.
    if (found.length === 0) return
    const listed = new Set(found.map(({ shardId }) => shardId))
    const gone = shards.ids().filter((id) => !listed.has(id))
    shards.letGo(gone, pumpsOf(current.UUID))
    // New ones are children of what is being read, or those of a stream that was made anew, whatever
    // had their names before: each is read from its first record on.
    for (const shard of found) shards.add(shard, { kind: 'trimHorizon' })
  }

  /** Starts pumps whose time has come, and tells all others what changed. */
  async start(): Promise<void> {
    const { record, shards, pumps } = this.#host
    const current = record.current()
    if (current === undefined) return
    const mapping = fedBy(current)
    await inTurns(this.#toStart(current), async ({ shardId, position }) => {
      await pumps.start(pumpName(current.UUID, shardId), { shardId, mapping }, position)
      shards.markStarted(shardId, JSON.stringify(mapping))
    })
  }

  /** Each tries again now. One that cannot be told does so later by itself. */
  async hurry(): Promise<void> {
    const { record, shards, pumps } = this.#host
    const UUID = record.current()?.UUID
    if (UUID === undefined) return
    await inTurns(shards.ids(), async (shardId) => {
      const pump = pumpName(UUID, shardId)
      await pumps
        .hurry(pump)
        .catch((error: unknown) => logFault('pump not hurried', { pump }, error))
    })
  }

  /** No pump that is told so begins another batch. Who cannot be told now is told later. */
  async stop(): Promise<void> {
    const { shards, pumps } = this.#host
    await inTurns(shards.stopping(), async (pump) => {
      try {
        await pumps.stop(pump)
        shards.markStopped(pump)
      } catch (error) {
        logFault('pump not stopped', { pump }, error)
      }
    })
  }

  #toStart(current: EventSourceConfiguration) {
    const job = JSON.stringify(fedBy(current))
    return this.#host.shards.toStart(job, pumpsOf(current.UUID))
  }
}

/** What a pump has to know of its mapping. */
function fedBy({ UUID, EventSource, FunctionName, BatchSize, Role }: EventSourceConfiguration) {
  return { UUID, EventSource, FunctionName, BatchSize, Role }
}

/** The names of a mapping's pumps, by their shards. */
export function pumpsOf(UUID: string): (shardId: string) => string {
  return (shardId) => pumpName(UUID, shardId)
}

export function streamNameOf({ EventSource }: { EventSource: string }): string {
  return parseStreamArn(EventSource)?.streamName ?? ''
}
