import { z } from 'zod'
import { excerpt } from '../aws/excerpt.ts'
import type { Attempt } from '../ports/event-records.ts'

/** A Durable Object's row holds 2 MB, of which an event's payload may be one. */
export const MAX_REASON_CHARACTERS = 2000
/** An event that is sent again has more than the few attempts of one round. */
const MOST_ATTEMPTS = 50

const Attempts = z.array(
  z.object({
    startedAtMilliseconds: z.number(),
    durationMilliseconds: z.number(),
    errorMessage: z.string().optional(),
    instance: z.string().optional(),
  }),
)

/** An event's tries, as its row has them: the newest, and of each message what fits there. */
export function encodeAttempts(attempts: readonly Attempt[]): string {
  const bounded = attempts
    .slice(-MOST_ATTEMPTS)
    .map((attempt) =>
      attempt.errorMessage === undefined
        ? attempt
        : { ...attempt, errorMessage: excerpt(attempt.errorMessage, MAX_REASON_CHARACTERS) },
    )
  return JSON.stringify(bounded)
}

export function decodeAttempts(text: unknown): Attempt[] {
  return Attempts.parse(JSON.parse(String(text)))
}
