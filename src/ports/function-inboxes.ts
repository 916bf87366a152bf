/** An event that InvokeAsync answered with 202. */
export interface AcceptedEvent {
  functionName: string
  requestId: string
  acceptedAtMilliseconds: number
  /** JSON text, byte for byte as it was sent. */
  payload: string
}

/** One try at an event and how it ended. */
export interface Attempt {
  startedAtMilliseconds: number
  durationMilliseconds: number
  errorMessage: string
}

/** An event that was given up, with all that is needed to understand it and to send it again. */
export interface DeadLetter {
  requestId: string
  payload: string
  acceptedAtMilliseconds: number
  diedAtMilliseconds: number
  reason: string
  attempts: Attempt[]
}

export interface DeadLetterPage {
  letters: DeadLetter[]
  /** Opaque; absent on the last page. */
  cursor?: string
}

/** The events of each function, from accepted to done or dead. */
export interface FunctionInboxes {
  /**
   * Takes events over: when this resolves they are stored and will run to an outcome. Waits for no
   * function. An event whose request id is known already is taken once.
   */
  accept(functionName: string, events: AcceptedEvent[]): Promise<void>
  /**
   * At most `limit` events that were given up, oldest first, after `cursor`; also those of a
   * function that was deleted. A page ends early where it grows too large for one answer.
   */
  deadLetters(functionName: string, limit: number, cursor?: string): Promise<DeadLetterPage>
}
