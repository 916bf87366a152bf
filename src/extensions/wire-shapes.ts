import { awsTimestamp } from '../aws/timestamp.ts'
import type { Attempt, DeadLetter, EventRecord } from '../ports/event-records.ts'

/** How an event that was given up is answered. */
export function deadLetterShape(letter: DeadLetter) {
  return {
    RequestId: letter.requestId,
    Payload: letter.payload,
    AcceptedAt: awsTimestamp(letter.acceptedAtMilliseconds),
    DiedAt: awsTimestamp(letter.diedAtMilliseconds),
    Reason: letter.reason,
    Attempts: letter.attempts.map(attemptShape),
  }
}

/** How it is answered what became of an event. Members without a value are absent. */
export function invocationShape(event: EventRecord) {
  return {
    RequestId: event.requestId,
    State: event.state,
    AcceptedAt: awsTimestamp(event.acceptedAtMilliseconds),
    NextTryAt: timestamp(event.nextTryAtMilliseconds),
    DiedAt: timestamp(event.diedAtMilliseconds),
    Reason: event.reason,
    Attempts: event.attempts.map(attemptShape),
    PlatformFaults: event.faults,
  }
}

function attemptShape(attempt: Attempt) {
  return {
    StartedAt: awsTimestamp(attempt.startedAtMilliseconds),
    DurationMilliseconds: attempt.durationMilliseconds,
    Instance: attempt.instance,
    ErrorMessage: attempt.errorMessage,
  }
}

function timestamp(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : awsTimestamp(milliseconds)
}
