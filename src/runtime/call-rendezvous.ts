import { NO_OUTPUT, type CallOutput, type CallReport } from './call-log.ts'

interface Waiting {
  report?: CallReport
  output?: CallOutput
  write: () => void
}

type WriteCall = (report: CallReport, output: CallOutput) => Promise<void>
/** Calls `end` when a half need not wait any longer for the other; what it returns takes that back. */
type Patience = (end: () => void) => () => void

/**
 * Brings the two halves of a call's log together: the runner's report and the output, which comes
 * by another way. Whoever is first waits, and so does its caller, until both are there or the
 * patience ends; then all lines are written at once. So one call has one writer.
 */
export class CallRendezvous {
  readonly #waiting = new Map<string, Waiting>()
  readonly #write: WriteCall
  readonly #patience: Patience

  constructor(write: WriteCall, patience: Patience) {
    this.#write = write
    this.#patience = patience
  }

  async report(callId: string, report: CallReport): Promise<void> {
    await this.#meet(callId, { report })
  }

  /** Output whose report never comes is dropped: it is of a call that is tried again. */
  async output(callId: string, output: CallOutput): Promise<void> {
    await this.#meet(callId, { output })
  }

  async #meet(callId: string, half: Omit<Waiting, 'write'>): Promise<void> {
    const other = this.#waiting.get(callId)
    if (other === undefined) {
      await new Promise<void>((resolve) => {
        const lift = this.#patience(resolve)
        const write = () => {
          lift()
          resolve()
        }
        this.#waiting.set(callId, { ...half, write })
      })
      const waited = this.#waiting.get(callId)
      this.#waiting.delete(callId)
      if (waited?.report === undefined) return
      await this.#write(waited.report, waited.output ?? NO_OUTPUT)
    } else {
      Object.assign(other, half)
      other.write()
    }
  }
}
