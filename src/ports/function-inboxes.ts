/** An event that InvokeAsync answered with 202. */
export interface AcceptedEvent {
  functionName: string
  requestId: string
  acceptedAtMilliseconds: number
  /** JSON text, byte for byte as it was sent. */
  payload: string
}

/** The events of each function, from accepted to done or dead. */
export interface FunctionInboxes {
  /**
   * Takes events over: when this resolves with `taken` they are stored and will run to an outcome.
   * `full` takes none: there are too many already. Waits for no function. An event whose request
   * id is known already is taken once.
   */
  accept(functionName: string, events: AcceptedEvent[]): Promise<'taken' | 'full'>
}
