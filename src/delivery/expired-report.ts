import type { ExpiredPart, PumpState } from './pump-state.ts'
import { PATIENCE_MILLISECONDS } from './question.ts'

/** What expired in the midst of a batch, told again and again until it lies with the function. */
export class ExpiredReport {
  readonly #state: Pick<PumpState, 'expired'>
  #toldUntil = 0

  /** The state goes on belonging to who gives it, and is saved by them. */
  constructor(state: Pick<PumpState, 'expired'>) {
    this.#state = state
  }

  get isHeard(): boolean {
    return this.#parts().length === 0
  }

  add(part: ExpiredPart): void {
    this.#state.expired = [...this.#parts(), part]
    this.#toldUntil = 0
  }

  /** What has to be told now; whoever asks tells it. */
  due(now: number): readonly ExpiredPart[] {
    if (this.isHeard || now < this.#toldUntil) return []
    this.#toldUntil = now + PATIENCE_MILLISECONDS
    return this.#parts()
  }

  /** It lies with the function. */
  heard(requestId: string): void {
    this.#state.expired = this.#parts().filter((part) => part.requestId !== requestId)
  }

  #parts(): readonly ExpiredPart[] {
    return this.#state.expired ?? []
  }
}
