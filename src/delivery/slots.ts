import type { Place } from '../ports/function-capacity.ts'

/**
 * Which instances of a function have an event: one at a time each. In memory only: after a restart
 * all are free, and an instance that is not says so.
 */
export class Slots {
  readonly #ceiling: number
  readonly #taken = new Map<number, Place>()

  constructor(ceiling: number) {
    this.#ceiling = ceiling
  }

  free(): number {
    return this.#ceiling - this.#taken.size
  }

  /** Takes the lowest free one, so that few instances are loaded and those stay warm. */
  take(untilMilliseconds: number): Place {
    let slot = 0
    while (this.#taken.has(slot)) slot += 1
    const place = { slot, untilMilliseconds }
    this.#taken.set(slot, place)
    return place
  }

  /** Gives a place back, unless its time was over and it is another's by now. */
  giveBack(place: Place): void {
    if (this.#isHeld(place)) this.#taken.delete(place.slot)
  }

  /** As `giveBack`, but nobody gets the place before `untilMilliseconds`. */
  rest(place: Place, untilMilliseconds: number): void {
    if (this.#isHeld(place)) this.#taken.set(place.slot, { ...place, untilMilliseconds })
  }

  /** Frees the places whose time is over, whatever became of those who took them. */
  release(nowMilliseconds: number): void {
    for (const { slot, untilMilliseconds } of this.#taken.values()) {
      if (untilMilliseconds <= nowMilliseconds) this.#taken.delete(slot)
    }
  }

  nextRelease(): number | undefined {
    // No list of them all: each step of an event asks.
    let next: number | undefined
    for (const { untilMilliseconds } of this.#taken.values()) {
      if (next === undefined || untilMilliseconds < next) next = untilMilliseconds
    }
    return next
  }

  #isHeld({ slot, untilMilliseconds }: Place): boolean {
    return this.#taken.get(slot)?.untilMilliseconds === untilMilliseconds
  }
}
