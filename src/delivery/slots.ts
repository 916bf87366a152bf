/** A place for one event at a time: instance `number` of the function, until it is given back. */
export interface Slot {
  readonly number: number
  untilMilliseconds: number
}

/**
 * Which instances of a function have an event. In memory only: after a restart all are free, and
 * an instance that is not says so.
 */
export class Slots {
  readonly #ceiling: number
  readonly #taken = new Map<number, Slot>()

  constructor(ceiling: number) {
    this.#ceiling = ceiling
  }

  free(): number {
    return this.#ceiling - this.#taken.size
  }

  /** Takes the lowest free one, so that few instances are loaded and those stay warm. */
  take(untilMilliseconds: number): Slot {
    let number = 0
    while (this.#taken.has(number)) number += 1
    const slot = { number, untilMilliseconds }
    this.#taken.set(number, slot)
    return slot
  }

  /** Gives a slot back, unless it was released and is another's by now. */
  giveBack(slot: Slot): void {
    if (this.#taken.get(slot.number) === slot) this.#taken.delete(slot.number)
  }

  hold(slot: Slot, untilMilliseconds: number): void {
    slot.untilMilliseconds = untilMilliseconds
  }

  /** Frees the slots whose time is over, whatever became of those who took them. */
  release(nowMilliseconds: number): void {
    for (const slot of this.#taken.values()) {
      if (slot.untilMilliseconds <= nowMilliseconds) this.#taken.delete(slot.number)
    }
  }

  nextRelease(): number | undefined {
    const times = Array.from(this.#taken.values(), (slot) => slot.untilMilliseconds)
    return times.length === 0 ? undefined : Math.min(...times)
  }
}
