import type { RecordPack, ShardPlace, StoredPack } from '../../ports/shards.ts'
import type { Sql, SqlValue } from '../../ports/sql.ts'
import { parseSequenceNumber } from './sequence-number.ts'

/** What is known of an open shard besides its records. */
interface ShardState {
  createdSeconds: number
  nextIndex: number
  /** Of the newest record. Time never goes back in a shard. */
  arrivedAtMilliseconds: number
  storedBytes: number
}

interface PackHead {
  firstIndex: number
  records: number
  arrivedAtMilliseconds: number
  bytes: number
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
  #state: ShardState | undefined

  constructor(sql: Sql) {
    this.#sql = sql
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
      // The body stands last: to look at the rest of a row, SQLite need not read it.
      this.#sql.all(
        `CREATE TABLE packs (
           first_index INTEGER PRIMARY KEY, records INTEGER NOT NULL, arrived_at INTEGER NOT NULL,
           bytes INTEGER NOT NULL, body TEXT NOT NULL)`,
      )
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
      this.#sql.all('DROP TABLE packs')
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
      for (const { records, bytes, body } of packs) {
        this.#sql.all(
          'INSERT INTO packs VALUES (?, ?, ?, ?, ?)',
          nextIndex,
          records,
          arrivedAtMilliseconds,
          bytes,
          body,
        )
        nextIndex += records
        storedBytes += bytes
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
    const heads = this.#headsFrom(fromIndex, limit)
    let bytes = 0
    let end = 0
    for (const head of heads) {
      bytes += head.bytes
      if (end > 0 && bytes > maxBytes) break
      end += 1
    }
    const [first, last] = [heads[0], heads[end - 1]]
    const packs = first && last ? this.#packs(first.firstIndex, last.firstIndex) : []
    return { packs, fromIndex, nextIndex }
  }

  /** The index of the first record from the place on that has not expired, or of the next to come. */
  find(place: ShardPlace, now: number): number {
    const { nextIndex } = this.#opened()
    const oldest = this.#oldest()
    if (oldest === undefined) return nextIndex
    const expired = now - RETENTION_MILLISECONDS
    const first = oldest.arrivedAtMilliseconds < expired ? this.#since(expired) : oldest.firstIndex
    return Math.min(Math.max(this.#wanted(place), first), nextIndex)
  }

  /** Deletes a part of what expired. Answers when there is more to delete; `undefined` for never. */
  expire(now: number): number | undefined {
    const state = this.#opened()
    const rows = this.#sql.all(
      'SELECT first_index, bytes, arrived_at FROM packs ORDER BY first_index LIMIT ?',
      EXPIRED_AT_ONCE,
    )
    const isExpired = (row: Record<string, SqlValue>) =>
      Number(row.arrived_at) < now - RETENTION_MILLISECONDS
    const expired = rows.filter(isExpired)
    const last = expired.at(-1)
    if (last !== undefined) {
      const bytes = expired.reduce((sum, row) => sum + Number(row.bytes), 0)
      const storedBytes = Math.max(state.storedBytes - bytes, 0)
      this.#sql.transaction(() => {
        this.#sql.all('DELETE FROM packs WHERE first_index <= ?', Number(last.first_index))
        this.#sql.all('UPDATE shard SET stored_bytes = ?', storedBytes)
      })
      this.#state = { ...state, storedBytes }
    }
    return this.expiresAt()
  }

  /** When the oldest record expires. */
  expiresAt(): number | undefined {
    const oldest = this.#oldest()
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
        return this.#since(place.atMilliseconds)
      case 'after': {
        const number = parseSequenceNumber(place.sequenceNumber)
        // Another incarnation's: all of an earlier one comes before, all of a later one after.
        if (number === undefined || number.createdSeconds < createdSeconds) return 0
        return number.createdSeconds > createdSeconds ? nextIndex : number.index + 1
      }
    }
  }

  /** The first index that arrived at or after a time. Times never go back, so it can be halved. */
  #since(atMilliseconds: number): number {
    let low = this.#oldest()?.firstIndex ?? 0
    let high = this.#opened().nextIndex
    while (low < high) {
      const pack = this.#packOf(Math.floor((low + high) / 2))
      if (pack === undefined) break
      if (pack.arrivedAtMilliseconds >= atMilliseconds) high = pack.firstIndex
      else low = pack.firstIndex + pack.records
    }
    return low
  }

  #oldest(): PackHead | undefined {
    return this.#heads('ORDER BY first_index LIMIT 1')[0]
  }

  #packOf(index: number): PackHead | undefined {
    return this.#heads('WHERE first_index <= ? ORDER BY first_index DESC LIMIT 1', index)[0]
  }

  #headsFrom(index: number, limit: number): PackHead[] {
    const first = this.#packOf(index)
    if (first === undefined || first.firstIndex + first.records <= index) return []
    const heads = this.#heads(
      'WHERE first_index >= ? ORDER BY first_index LIMIT ?',
      first.firstIndex,
      limit + 1,
    )
    const end = heads.findIndex((head) => head.firstIndex >= index + limit)
    return end < 0 ? heads : heads.slice(0, end)
  }

  #heads(which: string, ...bindings: SqlValue[]): PackHead[] {
    return this.#sql
      .all(`SELECT first_index, records, arrived_at, bytes FROM packs ${which}`, ...bindings)
      .map((row) => ({
        firstIndex: Number(row.first_index),
        records: Number(row.records),
        arrivedAtMilliseconds: Number(row.arrived_at),
        bytes: Number(row.bytes),
      }))
  }

  #packs(firstIndex: number, lastIndex: number): StoredPack[] {
    return this.#sql
      .all(
        `SELECT first_index, arrived_at, body FROM packs WHERE first_index BETWEEN ? AND ?
         ORDER BY first_index`,
        firstIndex,
        lastIndex,
      )
      .map((row) => ({
        firstIndex: Number(row.first_index),
        arrivedAtMilliseconds: Number(row.arrived_at),
        body: String(row.body),
      }))
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
