import type { RecordPack, ShardPlace, StoredPack } from '../../ports/shards.ts'
import type { Sql, SqlValue } from '../../ports/sql.ts'
import { parseSequenceNumber } from './sequence-number.ts'
import { ShardPacks } from './shard-packs.ts'

/** What is known of an open shard besides its records. */
interface ShardState {
  createdSeconds: number
  nextIndex: number
  /** Of the newest record. Time never goes back in a shard. */
  arrivedAtMilliseconds: number
  storedBytes: number
}

export interface LogReading {
  packs: StoredPack[]
  fromIndex: number
  nextIndex: number
}

const RETENTION_MILLISECONDS = 24 * 60 * 60 * 1000
/** How many packs are deleted at once, so that no put waits long for it. */
const EXPIRED_AT_ONCE = 1000

/**
 * The records of one shard, in the order of their indexes. A pack is a row; what expired is skipped
 * at once and deleted later. Its state is kept in memory beside the table: one actor is the only writer.
 */
export class ShardLog {
  readonly #sql: Sql
  readonly #packs: ShardPacks
  #state: ShardState | undefined

  constructor(sql: Sql) {
    this.#sql = sql
    this.#packs = new ShardPacks(sql)
    const isThere = sql.all(`SELECT name FROM sqlite_master WHERE name = 'shard'`).length > 0
    if (isThere) this.#state = stateOf(sql.all('SELECT * FROM shard')[0])
  }

  /** `undefined` before `open` and after `close`. */
  get state(): Readonly<ShardState> | undefined {
    return this.#state
  }

  open(createdAtMilliseconds: number): void {
    if (this.#state !== undefined) return
    const createdSeconds = Math.floor(createdAtMilliseconds / 1000)
    this.#sql.transaction(() => {
      this.#sql.all(
        `CREATE TABLE shard (
           one INTEGER PRIMARY KEY CHECK (one = 1), created_seconds INTEGER NOT NULL,
           next_index INTEGER NOT NULL, arrived_at INTEGER NOT NULL, stored_bytes INTEGER NOT NULL)`,
      )
      this.#packs.createTable()
      this.#sql.all(
        'INSERT INTO shard VALUES (1, ?, 1, ?, 0)',
        createdSeconds,
        createdAtMilliseconds,
      )
    })
    const arrivedAtMilliseconds = createdAtMilliseconds
    this.#state = { createdSeconds, nextIndex: 1, arrivedAtMilliseconds, storedBytes: 0 }
  }

  close(): void {
    if (this.#state === undefined) return
    this.#sql.transaction(() => {
      this.#sql.all('DROP TABLE shard')
      this.#packs.dropTable()
    })
    this.#state = undefined
  }

  /** Stores all of the packs. */
  append(packs: readonly RecordPack[], now: number) {
    const state = this.#opened()
    const firstIndex = state.nextIndex
    const arrivedAtMilliseconds = Math.max(now, state.arrivedAtMilliseconds)
    let { nextIndex, storedBytes } = state
    this.#sql.transaction(() => {
      for (const pack of packs) {
        this.#packs.insert(nextIndex, pack, arrivedAtMilliseconds)
        nextIndex += pack.records
        storedBytes += pack.bytes
      }
      this.#sql.all(
        'UPDATE shard SET next_index = ?, arrived_at = ?, stored_bytes = ?',
        nextIndex,
        arrivedAtMilliseconds,
        storedBytes,
      )
    })
    this.#state = { ...state, nextIndex, arrivedAtMilliseconds, storedBytes }
    return { firstIndex, arrivedAtMilliseconds }
  }

  /** The packs that hold the next records, at least one if there is one. */
  read(place: ShardPlace, limit: number, maxBytes: number, now: number): LogReading {
    const { nextIndex } = this.#opened()
    const fromIndex = this.find(place, now)
    const heads = this.#packs.headsFrom(fromIndex, limit)
    let bytes = 0
    let end = 0
    for (const head of heads) {
      bytes += head.bytes
      if (end > 0 && bytes > maxBytes) break
      end += 1
    }
    const [first, last] = [heads[0], heads[end - 1]]
    const packs = first && last ? this.#packs.read(first.firstIndex, last.firstIndex) : []
    return { packs, fromIndex, nextIndex }
  }

  /** The index of the first record from the place on that has not expired, or of the next to come. */
  find(place: ShardPlace, now: number): number {
    const { nextIndex } = this.#opened()
    const [oldest] = this.#packs.oldest()
    if (oldest === undefined) return nextIndex
    const expired = now - RETENTION_MILLISECONDS
    const first =
      oldest.arrivedAtMilliseconds < expired
        ? this.#packs.since(expired, nextIndex)
        : oldest.firstIndex
    return Math.min(Math.max(this.#wanted(place), first), nextIndex)
  }

  /** Deletes a part of what expired. Answers when there is more to delete; `undefined` for never. */
  expire(now: number): number | undefined {
    const state = this.#opened()
    const expired = this.#packs
      .oldest(EXPIRED_AT_ONCE)
      .filter((pack) => pack.arrivedAtMilliseconds < now - RETENTION_MILLISECONDS)
    const last = expired.at(-1)
    if (last !== undefined) {
      const storedBytes = state.storedBytes - expired.reduce((sum, pack) => sum + pack.bytes, 0)
      this.#sql.transaction(() => {
        this.#packs.deleteUntil(last.firstIndex)
        this.#sql.all('UPDATE shard SET stored_bytes = ?', storedBytes)
      })
      this.#state = { ...state, storedBytes }
    }
    return this.expiresAt()
  }

  /** When the oldest record expires. */
  expiresAt(): number | undefined {
    const [oldest] = this.#packs.oldest()
    return oldest && oldest.arrivedAtMilliseconds + RETENTION_MILLISECONDS + 1
  }

  #wanted(place: ShardPlace): number {
    const { createdSeconds, nextIndex } = this.#opened()
    switch (place.kind) {
      case 'trimHorizon':
        return 0
      case 'latest':
        return nextIndex
      case 'at':
        return place.index
      case 'since':
        return this.#packs.since(place.atMilliseconds, nextIndex)
      case 'after': {
        const number = parseSequenceNumber(place.sequenceNumber)
        // Another incarnation's: all of an earlier one comes before, all of a later one after.
        if (number === undefined || number.createdSeconds < createdSeconds) return 0
        return number.createdSeconds > createdSeconds ? nextIndex : number.index + 1
      }
    }
  }

  #opened(): ShardState {
    if (this.#state === undefined) throw new Error('The shard is not open')
    return this.#state
  }
}

function stateOf(row: Record<string, SqlValue> | undefined): ShardState | undefined {
  return (
    row && {
      createdSeconds: Number(row.created_seconds),
      nextIndex: Number(row.next_index),
      arrivedAtMilliseconds: Number(row.arrived_at),
      storedBytes: Number(row.stored_bytes),
    }
  )
}
