/** After this an answer is no longer waited for. */
export const PATIENCE_MILLISECONDS = 30_000

/** Something asked that is answered later, or never: only the answer to the newest counts. */
export class Question {
  #number = 0
  #until = 0

  ask(now: number): number {
    this.#until = now + PATIENCE_MILLISECONDS
    this.#number += 1
    return this.#number
  }

  isOpen(now: number): boolean {
    return now < this.#until
  }

  /** Whether this is the answer that is waited for; nobody waits for it afterwards. */
  answer(number: number): boolean {
    if (number !== this.#number || this.#until === 0) return false
    this.#until = 0
    return true
  }

  withdraw(): void {
    this.#until = 0
  }
}
