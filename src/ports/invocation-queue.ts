import type { AcceptedEvent } from './function-inboxes.ts'

/** The way from InvokeAsync's 202 to the function's inbox. */
export interface InvocationQueue {
  /** When this resolves the event is on its way for good. Rejects when it could not be stored. */
  send(event: AcceptedEvent): Promise<void>
}
