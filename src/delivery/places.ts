import type { Place } from '../ports/function-capacity.ts'
import { Slots } from './slots.ts'
import { WaitingLine } from './waiting-line.ts'

/** For so long a slot is left alone whose instance said that it has another event. */
const BUSY_SLOT_MILLISECONDS = 1000

/** A function's places, given away to its events and to the streams that feed it by turns. */
export class Places {
  readonly #slots: Slots
  readonly #line = new WaitingLine()
  readonly #now: () => number
  #isStreamsTurn = false

  constructor(ceiling: number, now: () => number) {
    this.#slots = new Slots(ceiling)
    this.#now = now
  }

  /** Resolves with a place when it is this holder's turn; with nothing when he asked again. */
  wait(holder: string): Promise<Place | undefined> {
    return this.#line.wait(holder)
  }

  /** Gives free places to at most so many events as `start` is told, and the rest to streams. */
  giveAway(
    leaseMilliseconds: number,
    start: (limit: number, takePlace: () => Place) => void,
  ): void {
    const free = this.#slots.free()
    if (free <= 0) return
    const takePlace = () => this.#slots.take(this.#now() + leaseMilliseconds)
    this.#isStreamsTurn = !this.#isStreamsTurn
    const half = this.#isStreamsTurn ? Math.ceil(free / 2) : Math.floor(free / 2)
    start(free - Math.min(this.#line.length, half), takePlace)
    while (this.#line.length > 0 && this.#slots.free() > 0) this.#line.giveNext(takePlace())
  }

  giveBack(place: Place, isBusy: boolean): void {
    if (isBusy) this.#slots.rest(place, this.#now() + BUSY_SLOT_MILLISECONDS)
    else this.#slots.giveBack(place)
  }

  /** Frees what was held for too long. */
  release(): void {
    this.#slots.release(this.#now())
  }

  hasFree(): boolean {
    return this.#slots.free() > 0
  }

  /** When the next place is free, should nobody give one back. */
  nextRelease(): number | undefined {
    return this.#slots.nextRelease()
  }
}
