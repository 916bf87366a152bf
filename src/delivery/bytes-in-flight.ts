/** Of payloads in all that run at the same time: an isolate has 128 MB. */
const MAX_BYTES = 16 * 1024 * 1024

interface HeldBytes {
  bytes: number
  untilMilliseconds: number
}

/** How much the payloads of running events take. In memory only, as the places that these have. */
export class BytesInFlight {
  readonly #held = new Set<HeldBytes>()
  #sum = 0

  /** How much more may be taken. While there is any, one event may be larger than that. */
  free(): number {
    return MAX_BYTES - this.#sum
  }

  take(bytes: number, untilMilliseconds: number): HeldBytes {
    const held = { bytes, untilMilliseconds }
    this.#held.add(held)
    this.#sum += bytes
    return held
  }

  /** Gives bytes back, unless their time was over. */
  giveBack(held: HeldBytes): void {
    if (this.#held.delete(held)) this.#sum -= held.bytes
  }

  /** Frees the bytes whose time is over, whatever became of those who took them. */
  release(nowMilliseconds: number): void {
    for (const held of this.#held) {
      if (held.untilMilliseconds <= nowMilliseconds) this.giveBack(held)
    }
  }
}
