import { z } from 'zod'
import { atLeast, atMost, enumeration, notOneString, pattern } from '../aws/input.ts'
import { EVENT_STATES } from '../ports/event-records.ts'

const member = () => z.string({ error: notOneString })

const FunctionName = member().regex(/^[a-zA-Z0-9_-]{1,64}$/, pattern('[a-zA-Z0-9-_]{1,64}'))
const RequestId = member().regex(/^[\w-]{1,64}$/, pattern('[a-zA-Z0-9-_]{1,64}'))
const MaxItems = member()
  .regex(/^\d{1,6}$/, 'Member must be a whole number')
  .transform(Number)
  .pipe(z.int().min(1, atLeast(1)).max(1000, atMost(1000)))
  .default(100)

export const FunctionPath = z.object({ FunctionName })

export const EventPath = z.object({ FunctionName, RequestId })

export const ListDeadLettersRequest = z.object({
  FunctionName,
  Marker: member().optional(),
  MaxItems,
})
export type ListDeadLettersRequest = z.infer<typeof ListDeadLettersRequest>

export const ListInvocationsRequest = ListDeadLettersRequest.extend({
  State: z.enum(EVENT_STATES, { error: enumeration([...EVENT_STATES]) }).optional(),
})
export type ListInvocationsRequest = z.infer<typeof ListInvocationsRequest>

/** Of all of them when no request ids are given. */
export const DeadLetterChoiceRequest = z.object({
  FunctionName,
  RequestIds: z
    .array(RequestId, { error: 'Member must be a list of request ids' })
    .min(1, 'Member must have length greater than or equal to 1')
    .max(1000, 'Member must have length less than or equal to 1000')
    .optional(),
})
export type DeadLetterChoiceRequest = z.infer<typeof DeadLetterChoiceRequest>
