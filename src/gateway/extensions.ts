import { Hono } from 'hono'
import { z } from 'zod'
import { parseInput, atLeast, atMost } from '../aws/input.ts'
import { fromMarker, toMarker } from '../aws/marker.ts'
import { queryParameters } from '../aws/query.ts'
import { awsTimestamp } from '../aws/timestamp.ts'
import { permit } from '../lambda/access.ts'
import { FunctionName, Marker, wholeNumber } from '../lambda/shapes.ts'
import type { Front } from '../ports/front.ts'
import type { DeadLetter } from '../ports/function-inboxes.ts'

const ListDeadLettersRequest = z.object({
  FunctionName,
  Marker: Marker.optional(),
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
    permit(c, 'gateway:ListDeadLetters', input.FunctionName)
    const { inboxes, settings } = c.var.ports
    const operation = `ListDeadLetters ${input.FunctionName}`
    const seal = { secret: settings.rootSecretAccessKey, operation }
    const cursor = input.Marker === undefined ? undefined : await fromMarker(seal, input.Marker)
    const page = await inboxes.deadLetters(input.FunctionName, input.MaxItems, cursor)
    const DeadLetters = page.letters.map(toWire)
    return c.json(
      page.cursor === undefined
        ? { DeadLetters }
        : { NextMarker: await toMarker(seal, page.cursor), DeadLetters },
    )
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
