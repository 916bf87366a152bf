import type { CallOutput } from '../../../runtime/call-log.ts'
import {
  MAX_OUTPUT_LENGTH,
  outputLengthOf,
} from '../../../runtime/sandbox/process/process-protocol.ts'

/** What a call prints, as far as anybody keeps it. */
export class CollectedOutput implements CallOutput {
  readonly lines: CallOutput['lines'] = []
  readonly exceptions: CallOutput['exceptions'] = []
  isTruncated = false
  #left = MAX_OUTPUT_LENGTH
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  add(message: string): void {
    if (this.isTruncated) return
    this.#left -= outputLengthOf(message)
    if (this.#left < 0) this.isTruncated = true
    else this.lines.push({ timestampMilliseconds: this.#now(), message })
  }
}
