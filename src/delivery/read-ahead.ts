import type { ShardPosition, StreamRecord } from '../ports/stream-reader.ts'
import { isAfter } from './batch.ts'
import { Question } from './question.ts'

/** Of data that waits for the batch before it: as much as one event carries, of an isolate's 128 MB. */
const ENOUGH_BYTES = 6 * 1024 * 1024

/**
 * Records read but not yet delivered, in memory only: what is lost here is read again. One read is
 * in flight at a time.
 */
export class ReadAhead {
  readonly #read = new Question()
  #records: StreamRecord[] = []
  #hasMore = true
  #isEnd = false
  #isWoken = false

  get records(): readonly StreamRecord[] {
    return this.#records
  }

  /** The shard is closed, and everything up to its end was read. */
  get isEnd(): boolean {
    return this.#isEnd
  }

  /** Whether another read may bring something. */
  mayHaveMore(): boolean {
    return !this.#isEnd && (this.#hasMore || this.#isWoken)
  }

  /** Whether behind the first `count` so many records wait, or so long ones, that it is no use to read on. */
  isEnoughBehind(count: number, records: number): boolean {
    const waiting = this.#records.slice(count)
    if (waiting.length >= records) return true
    return waiting.reduce((bytes, { data }) => bytes + data.length, 0) >= ENOUGH_BYTES
  }

  /** Somebody says that there is more: what a read brings that began before may be without it. */
  wake(): void {
    this.#isWoken = true
  }

  isReading(now: number): boolean {
    return this.#read.isOpen(now)
  }

  /** Begins a read behind what is here; `from` is where to begin when nothing is. */
  begin(from: ShardPosition, now: number): { readNumber: number; position: ShardPosition } {
    this.#isWoken = false
    const last = this.#records.at(-1)
    const position: ShardPosition =
      last === undefined ? from : { kind: 'after', sequenceNumber: last.sequenceNumber }
    return { readNumber: this.#read.ask(now), position }
  }

  /** Whether this is the read that is in flight; it is not any more afterwards. */
  end(readNumber: number): boolean {
    return this.#read.answer(readNumber)
  }

  add(records: readonly StreamRecord[], hasMore: boolean, isEnd: boolean): void {
    this.#records.push(...records)
    this.#hasMore = hasMore
    this.#isEnd = isEnd
  }

  /** Whether of the records up to this one there is none that is still to be read. */
  hasAllUpTo(sequenceNumber: string): boolean {
    const last = this.#records.at(-1)
    if (last !== undefined && !isAfter(sequenceNumber, last.sequenceNumber)) return true
    return !this.mayHaveMore()
  }

  /** How many records here are not after this one. */
  countUpTo(sequenceNumber: string): number {
    const end = this.#records.findIndex((record) => isAfter(record.sequenceNumber, sequenceNumber))
    return end < 0 ? this.#records.length : end
  }

  take(count: number): void {
    this.#records.splice(0, count)
  }

  /** Lets everything go, the read in flight included. */
  drop(): void {
    this.#records = []
    this.#hasMore = true
    this.#isEnd = false
    this.#read.withdraw()
  }
}
