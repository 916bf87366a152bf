import { NO_OUTPUT, type CallOutput, type CallReport } from './call-log.ts'

interface Waiting {
  report?: CallReport
  output?: CallOutput
  write: () => void
}

/**
 * Brings the two halves of a call's log together: the runner's report and the output, which comes
 * by another way. Whoever is first waits, and so does its caller, until both are there or the
 * patience ends; then all lines are written at once. So one call has one writer.
 */
export class CallRendezvous {
  readonly #waiting = new Map<string, Waiting>()
  readonly #write: (report: CallReport, output: CallOutput) => void
  readonly #patience: () => Promise<void>

  /** `patience` resolves when a half need not wait any longer for the other. */
  constructor(
    write: (report: CallReport, output: CallOutput) => void,
    patience: () => Promise<void>,
  ) {
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
        this.#waiting.set(callId, { ...half, write: resolve })
        void this.#patience().then(resolve)
      })
      const waited = this.#waiting.get(callId)
      this.#waiting.delete(callId)
      if (waited?.report !== undefined) this.#write(waited.report, waited.output ?? NO_OUTPUT)
    } else {
      Object.assign(other, half)
      other.write()
    }
  }
}
