import type { FunctionRecord } from '../aws/function-configuration.ts'

/** One try at one event. The same event's next try has the same request id and `attempt` + 1. */
export interface Invocation {
  record: FunctionRecord
  requestId: string
  /** 1 for the first try. */
  attempt: number
  /** Which instance of the function should take it: 0 is the first. */
  slot: number
  /** The event as JSON text, byte for byte as it was sent. */
  payload: string
}

/** What the function did. `failed`, `exited` and `timedOut` count as failures and are retried. */
export type Outcome =
  | { kind: 'succeeded' }
  | {
      kind: 'failed'
      /** `null` when the function failed with nothing. */
      errorMessage: string | null
      errorType?: string
      stackTrace?: string[]
      /** What the log has in place of the error's JSON: the handler could not be called. */
      log?: string
    }
  /** The event loop ran dry, `process.exit`, an uncaught throw, out of memory. */
  | { kind: 'exited'; errorMessage: string }
  | { kind: 'timedOut'; errorMessage: string }

/**
 * An outcome, or why the platform could not run the function: that is safe to try again. A busy
 * instance has another event; another slot can take this one at once.
 */
export type RunResult =
  /** `instance` is the log stream of the one that ran it. */
  | { ran: true; outcome: Outcome; instance?: string }
  | { ran: false; reason: string; isBusy?: boolean }

/** Runs one invocation to its end and writes its log. Never rejects for what a function does. */
export interface FunctionRunner {
  run(invocation: Invocation): Promise<RunResult>
}
