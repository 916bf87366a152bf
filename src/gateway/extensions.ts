import { Hono } from 'hono'
import { z } from 'zod'
import { parseInput, atLeast, atMost } from '../aws/input.ts'
import { queryParameters } from '../aws/query.ts'
import { awsTimestamp } from '../aws/timestamp.ts'
import { FunctionName, wholeNumber } from '../lambda/shapes.ts'
import type { Front } from '../ports/front.ts'
import type { DeadLetter } from '../ports/function-inboxes.ts'

const ListDeadLettersRequest = z.object({
  FunctionName,
  MaxItems: wholeNumber(z.int().min(1, atLeast(1)).max(1000, atMost(1000))).default(100),
})

/** What AWS never had, under `/gateway/`: signed like all else, never under AWS's paths. */
export const extensions = new Hono<Front>({ strict: false }).get(
  '/functions/:FunctionName/dead-letters',
  async (c) => {
    const input = parseInput(ListDeadLettersRequest, {
      ...queryParameters(c.req.url),
      ...c.req.param(),
    })
    const letters = await c.var.ports.inboxes.deadLetters(input.FunctionName, input.MaxItems)
    return c.json({ DeadLetters: letters.map(toWire) })
  },
)

function toWire(letter: DeadLetter) {
  return {
    RequestId: letter.requestId,
    Payload: letter.payload,
    AcceptedAt: awsTimestamp(letter.acceptedAtMilliseconds),
    DiedAt: awsTimestamp(letter.diedAtMilliseconds),
    Reason: letter.reason,
    Attempts: letter.attempts.map((attempt) => ({
      StartedAt: awsTimestamp(attempt.startedAtMilliseconds),
      DurationMilliseconds: attempt.durationMilliseconds,
      ErrorMessage: attempt.errorMessage,
    })),
  }
}
