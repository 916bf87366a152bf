import type {
  EventSourceConfiguration,
  EventSourceDraft,
  EventSourcePair,
} from '../aws/event-source-configuration.ts'

export type AddedEventSource =
  { kind: 'added'; configuration: EventSourceConfiguration } | { kind: 'noSuchStream' }

/**
 * The single writer of the mapping of each pair of stream and function. What was answered is
 * stored for good, and is in the index at once or, when that refuses, as soon as it accepts.
 */
export interface EventSources {
  /**
   * Maps the pair, from the records that `Parameters` name as of now. A pair that is mapped keeps
   * its mapping, with the new BatchSize and Role. Rejects while the removal of one is not done.
   */
  add(draft: EventSourceDraft): Promise<AddedEventSource>
  /** The authoritative mapping, as it is now. */
  get(pair: EventSourcePair): Promise<EventSourceConfiguration | undefined>
  /**
   * Whether there was this mapping. No batch of it begins after this resolves; one that is in
   * flight may end. Rejects when that cannot be promised yet: the removal goes on by itself, and
   * may be asked for again until it is done.
   */
  remove(pair: EventSourcePair, UUID: string): Promise<boolean>
  /**
   * The function of the pair was uploaded or deleted: Status tells whether it is there, and what
   * waits for its next try is tried at once.
   */
  noticeFunction(pair: EventSourcePair): Promise<void>
}

/** How a shard fares with its mapping. */
export type ShardStatus =
  | { kind: 'pending' }
  | { kind: 'ok' }
  /** Of this shard alone, or of the whole mapping. */
  | { kind: 'problem'; message: string; isOfShard: boolean }
  | { kind: 'ended' }

/** What pumps tell their mapping. */
export interface ShardReports {
  /** False when there is no such mapping any more. */
  report(
    pair: EventSourcePair,
    UUID: string,
    shardId: string,
    status: ShardStatus,
  ): Promise<boolean>
}
