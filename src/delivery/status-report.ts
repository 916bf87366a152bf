import type { ShardStatus } from '../ports/event-sources.ts'
import type { Batch } from './batch.ts'
import { isSameStatus, type PumpState } from './pump-state.ts'
import { PATIENCE_MILLISECONDS } from './question.ts'

/**
 * What a mapping is told of a shard: the newest status, again and again until it was heard. One at a
 * time, or one that is late would stand in place of a newer one.
 */
export class StatusReport {
  readonly #state: Pick<PumpState, 'status' | 'isReported'>
  #toldUntil = 0

  /** The state goes on belonging to who gives it, and is saved by them. */
  constructor(state: Pick<PumpState, 'status' | 'isReported'>) {
    this.#state = state
  }

  set(status: ShardStatus): void {
    if (isSameStatus(status, this.#state.status)) return
    this.#state.status = status
    this.#state.isReported = false
  }

  problem(message: string, isOfShard: boolean): void {
    this.set({ kind: 'problem', message, isOfShard })
  }

  /** A batch does not get on, after so many tries. */
  blocked({ firstSequenceNumber }: Batch, tries: number, reason: string): void {
    this.problem(`attempt ${tries} at sequence number ${firstSequenceNumber}: ${reason}`, true)
  }

  /** What has to be told now, if anything; whoever asks tells it. */
  due(now: number): ShardStatus | undefined {
    if (this.#state.isReported || now < this.#toldUntil) return undefined
    this.#toldUntil = now + PATIENCE_MILLISECONDS
    return this.#state.status
  }

  /** The mapping knows this status, which may not be the newest any more. */
  heard(status: ShardStatus): void {
    this.#toldUntil = 0
    if (isSameStatus(status, this.#state.status)) this.#state.isReported = true
  }
}
