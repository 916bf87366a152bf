import type { AcceptedEvent } from './function-inboxes.ts'

/** One try at an event that came to the function, and how it ended. */
export interface Attempt {
  startedAtMilliseconds: number
  durationMilliseconds: number
  /** Absent when it succeeded. */
  errorMessage?: string | undefined
  /** The log stream of the instance that ran it. */
  instance?: string | undefined
}

export const EVENT_STATES = ['queued', 'running', 'waiting', 'succeeded', 'dead'] as const

/**
 * `queued` has not been tried yet, `waiting` will be tried again, `dead` was given up: it lies
 * there until it is sent again or purged.
 */
export type EventState = (typeof EVENT_STATES)[number]

/** What became of an event so far. */
export interface EventRecord {
  requestId: string
  state: EventState
  acceptedAtMilliseconds: number
  /** Of what waits or is queued. */
  nextTryAtMilliseconds?: number | undefined
  /** Of what is dead. */
  diedAtMilliseconds?: number | undefined
  /** What went wrong last. */
  reason?: string | undefined
  attempts: Attempt[]
  /** Tries that the platform failed: they never came to the function. */
  faults: number
}

export interface EventPage {
  events: EventRecord[]
  /** Opaque; absent on the last page. */
  cursor?: string
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

/** Where a pump lays down what expired before its function could deal with it. */
export interface ExpiredRecords {
  /** A dead letter of the function, and a line in its log. Once for each request id. */
  bury(event: AcceptedEvent, reason: string): Promise<void>
}

/** What became of each function's events, also of a function that was deleted since. */
export interface EventRecords {
  /** `undefined` for an event that is not known: not yet taken over, or forgotten. */
  get(functionName: string, requestId: string): Promise<EventRecord | undefined>
  /** At most `limit` events of one state or of all, those accepted last first, after `cursor`. */
  list(
    functionName: string,
    state: EventState | undefined,
    limit: number,
    cursor?: string,
  ): Promise<EventPage>
  /** How many there are of each state. */
  count(functionName: string): Promise<Record<EventState, number>>
}

/** Which dead letters: those of these request ids, or all of them. */
export type DeadLetterChoice = { requestIds: string[] } | 'all'

/** The events of each function that were given up, also of a function that was deleted since. */
export interface DeadLetters {
  /** At most `limit`, oldest first, after `cursor`. Ends early where it grows too large. */
  list(functionName: string, limit: number, cursor?: string): Promise<DeadLetterPage>
  get(functionName: string, requestId: string): Promise<DeadLetter | undefined>
  /** Sends events again, as if they came now; how many. What they went through stays told. */
  redrive(functionName: string, choice: DeadLetterChoice): Promise<number>
  /** Deletes them for good; how many. */
  purge(functionName: string, choice: DeadLetterChoice): Promise<number>
}
