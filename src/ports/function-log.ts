/** What the gateway itself has to say in a function's log, beside the lines of its calls. */
export interface FunctionLog {
  /** Writes a line about an event or a batch, as of now. Nobody waits for it, and it cannot fail. */
  note(functionName: string, requestId: string, text: string): void
}

/** The log stream of the gateway's own lines; all others are instances'. */
export const GATEWAY_LOG_STREAM = 'lambda-edge-gateway'
