import { z } from 'zod'
import { excerpt } from '../aws/excerpt.ts'
import type { Attempt } from '../ports/function-inboxes.ts'

/** A Durable Object's row holds 2 MB, of which an event's payload may be one. */
export const MAX_REASON_CHARACTERS = 2000

const Attempts = z.array(
  z.object({
    startedAtMilliseconds: z.number(),
    durationMilliseconds: z.number(),
    errorMessage: z.string(),
  }),
)

/** An event's failed tries, as its row has them: of each message no more than fits there. */
export function encodeAttempts(attempts: readonly Attempt[]): string {
  const bounded = attempts.map((attempt) => ({
    ...attempt,
    errorMessage: excerpt(attempt.errorMessage, MAX_REASON_CHARACTERS),
  }))
  return JSON.stringify(bounded)
}

export function decodeAttempts(text: unknown): Attempt[] {
  return Attempts.parse(JSON.parse(String(text)))
}
