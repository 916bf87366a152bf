import type { Place } from '../ports/function-capacity.ts'

interface Waiter {
  holder: string
  /** With nothing when the same holder asked again. */
  answer(place?: Place): void
}

/** Who waits for a place, in the order in which they first asked. In memory only. */
export class WaitingLine {
  readonly #waiters: Waiter[] = []

  get length(): number {
    return this.#waiters.length
  }

  /** Resolves with a place. Whoever asks again keeps his turn; his earlier question has no place. */
  wait(holder: string): Promise<Place | undefined> {
    return new Promise((answer) => {
      const earlier = this.#waiters.find((waiter) => waiter.holder === holder)
      if (earlier === undefined) {
        this.#waiters.push({ holder, answer })
        return
      }
      earlier.answer()
      earlier.answer = answer
    })
  }

  giveNext(place: Place): void {
    this.#waiters.shift()?.answer(place)
  }
}
