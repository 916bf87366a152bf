/** Until when nothing is begun of one's own accord, and whether it is for want of work. */
export class Pause {
  #until = 0
  #isIdle = false

  get until(): number {
    return this.#until
  }

  /** Something is in the way. */
  begin(until: number): void {
    this.#until = until
    this.#isIdle = false
  }

  /** There is nothing to do; whoever hears of work need not wait so long. */
  idle(until: number): void {
    this.#until = until
    this.#isIdle = true
  }

  end(): void {
    this.begin(0)
  }

  endIdle(): void {
    if (this.#isIdle) this.end()
  }

  /** Nobody told of work while there was none: it is time to look. */
  isIdleOver(now: number): boolean {
    return this.#isIdle && now >= this.#until
  }
}
