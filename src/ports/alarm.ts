/** The one wake-up call of an actor. It comes late rather than never, also after a crash. */
export interface Alarm {
  /** Replaces the time set before. */
  set(atMilliseconds: number): void
  /** Calls the wake-up off: an actor with nothing to do is not woken. */
  clear(): void
}
