import type { Alarm } from '../ports/alarm.ts'

/** An actor's alarm, set for the earliest time that was wanted since it last went off. */
export class EarliestAlarm {
  readonly #alarm: Alarm
  #at = Infinity

  constructor(alarm: Alarm) {
    this.#alarm = alarm
  }

  /** Only an earlier time is worth a write: one wake-up too many does no harm. */
  arm(atMilliseconds: number | undefined): void {
    if (atMilliseconds === undefined) {
      if (this.#at !== Infinity) this.cancel()
    } else if (atMilliseconds < this.#at) {
      this.#at = atMilliseconds
      this.#alarm.set(atMilliseconds)
    }
  }

  /** Whatever was wanted before. `Infinity` calls it off, also one that was set before a restart. */
  rearm(atMilliseconds: number): void {
    this.#at = Infinity
    if (atMilliseconds === Infinity) this.#alarm.clear()
    else this.arm(atMilliseconds)
  }

  /** Also one that was set before a restart. */
  cancel(): void {
    this.#at = Infinity
    this.#alarm.clear()
  }

  wentOff(): void {
    this.#at = Infinity
  }
}
