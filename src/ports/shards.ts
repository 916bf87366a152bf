import type { ShardPosition } from './stream-reader.ts'

/** Whose shard it is: the name of its actor. */
export interface ShardKey {
  streamName: string
  incarnation: string
  shardIndex: number
}

/** Records as they are stored and travel: several in one text, which only its readers take apart. */
export interface RecordPack {
  records: number
  /** Of data and partition keys, as Kinesis counts them. */
  bytes: number
  /** ASCII: JSON of one flat list, a partition key and base64 by turns. */
  body: string
}

export type ShardPut =
  /** Indexes of a put go on without a gap. `pumps` want to be told of it. */
  | { kind: 'stored'; firstIndex: number; arrivedAtMilliseconds: number; pumps: string[] }
  /** The shard holds as much as it may. */
  | { kind: 'full' }
  | { kind: 'gone' }

/** A place in a shard: that of a reader, one record's, or behind all that there is now. */
export type ShardPlace = ShardPosition | { kind: 'at'; index: number } | { kind: 'latest' }

export interface StoredPack {
  firstIndex: number
  arrivedAtMilliseconds: number
  body: string
}

export type ShardReading =
  | {
      kind: 'packs'
      packs: StoredPack[]
      /** The first record that was asked for; packs may begin before it. */
      fromIndex: number
      /** That of the record which is put next. */
      nextIndex: number
    }
  | { kind: 'gone' }

export type FoundPlace =
  /** The index of the first record from the place on, and when the newest one arrived. */
  { kind: 'at'; index: number; arrivedAtMilliseconds: number } | { kind: 'gone' }

/**
 * The shards of own streams, each in the order in which its records were put. Indexes begin with 1,
 * grow by 1 and are never used twice.
 */
export interface Shards {
  /** When this resolves with `stored` all of the records are, for good; else none is. */
  put(shard: ShardKey, packs: RecordPack[]): Promise<ShardPut>
  /** What holds the next records: at least one if there is one, else about `maxBytes` or `limit`. */
  read(shard: ShardKey, place: ShardPlace, limit: number, maxBytes: number): Promise<ShardReading>
  find(shard: ShardKey, place: ShardPlace): Promise<FoundPlace>
  /** Whether `pump` is named in the answers of puts. */
  subscribe(
    shard: ShardKey,
    pump: string,
    isWanted: boolean,
  ): Promise<{ kind: 'subscribed' | 'gone' }>
}

/** Beginning and end of shards. Both may be asked for again. */
export interface ShardLives {
  open(shard: ShardKey, createdAtMilliseconds: number): Promise<void>
  remove(shard: ShardKey): Promise<void>
}
