import type { EventSourceConfiguration } from '../aws/event-source-configuration.ts'
import type { ShardPosition } from './stream-reader.ts'

/** What a pump does: it brings one shard's records to one function. */
export interface PumpJob {
  shardId: string
  mapping: Pick<
    EventSourceConfiguration,
    'UUID' | 'EventSource' | 'FunctionName' | 'BatchSize' | 'Role'
  >
}

/** The pumps by their names; each brings one shard of one mapping to its function. */
export interface Pumps {
  /**
   * Begins at `position`; one that began already goes on where it is, with this job. Rejects while
   * the pump is being stopped.
   */
  start(pump: string, job: PumpJob, position: ShardPosition): Promise<void>
  /**
   * No batch begins after this resolves. Stopped pumps leave nothing behind: rejects when the shard
   * could not be told, and is to be asked again.
   */
  stop(pump: string): Promise<void>
  /** What it waits with after a failure is tried now: something was repaired. */
  hurry(pump: string): Promise<void>
  /** Its shard has more. Waits for nothing, and means nothing to a pump that was stopped. */
  wake(pump: string): Promise<void>
}

export function pumpName(UUID: string, shardId: string): string {
  return `${UUID}/${shardId}`
}
