/** One record of a shard, as Kinesis keeps it. */
export interface StreamRecord {
  /** 56 digits; grows within a shard. Compare as text of equal length, never as a number. */
  sequenceNumber: string
  partitionKey: string
  /** Base64, as it travels in the function's event. */
  data: string
  arrivedAtMilliseconds: number
}

/** Where to go on reading in a shard. */
export type ShardPosition =
  | { kind: 'trimHorizon' }
  | { kind: 'after'; sequenceNumber: string }
  /**
   * Records that arrived at or after this time; `iterator` is a foreign service's exact place, good
   * for five minutes.
   */
  | { kind: 'since'; atMilliseconds: number; iterator?: string }

export interface StreamShard {
  shardId: string
  /** Shards that must be read to their end before this one. */
  parentShardIds: string[]
}

export type ShardRead =
  /**
   * `isEnd`: the shard is closed and nothing comes after these. `hasMore`: read again at once. The
   * `incarnation` of a foreign stream nobody knows.
   */
  | {
      kind: 'records'
      records: StreamRecord[]
      hasMore: boolean
      isEnd: boolean
      incarnation?: string
    }
  | { kind: 'throttled' }
  /** No such stream or shard (any more). */
  | { kind: 'gone' }

/** Reads the shards of streams. The caller holds its position. */
export interface StreamReader {
  /**
   * All shards, closed ones included; `undefined` when there is no such stream. None when a foreign
   * stream is being created.
   */
  shards(streamName: string): Promise<StreamShard[] | undefined>
  /** The position after everything that was put so far; `undefined` when there is no such shard. */
  latest(streamName: string, shardId: string): Promise<ShardPosition | undefined>
  /**
   * At most `limit` records from `position` on, in order; fewer when they are large, but at least
   * one when there is one. Skips what expired.
   */
  read(
    streamName: string,
    shardId: string,
    position: ShardPosition,
    limit: number,
  ): Promise<ShardRead>
  /**
   * From now on whoever puts into the shard sends a ticket to `pump`, by its actor's name; again
   * with false to stop. Holds for the incarnation of the stream that it answers; `undefined` when
   * there is no such shard. A foreign stream has no tickets.
   */
  subscribe(
    streamName: string,
    shardId: string,
    pump: string,
    isWanted: boolean,
  ): Promise<string | undefined>
}
