import { z } from 'zod'
import { NOT_NULL, atLeast, atMost, lengthAtLeast, lengthAtMost, pattern } from '../aws/input.ts'

// The shapes of CloudWatch Logs (Logs_20140328), by the names of its model.

const LogGroupName = z
  .string(NOT_NULL)
  .min(1, lengthAtLeast(1))
  .max(512, lengthAtMost(512))
  .regex(/^[.\-_/#A-Za-z0-9]+$/, pattern(String.raw`[\.\-_/#A-Za-z0-9]+`))

const LogStreamName = z
  .string(NOT_NULL)
  .min(1, lengthAtLeast(1))
  .max(512, lengthAtMost(512))
  .regex(/^[^:*]*$/, pattern('[^:*]*'))

/** Milliseconds since 1970. */
const Timestamp = z.int('Member must be a whole number').min(0, atLeast(0))
const EventsLimit = z
  .int('Member must be a whole number')
  .min(1, atLeast(1))
  .max(10_000, atMost(10_000))
const NextToken = z.string(NOT_NULL).min(1, lengthAtLeast(1))

export const FilterLogEventsRequest = z.object({
  logGroupName: LogGroupName,
  logStreamNames: z
    .array(LogStreamName)
    .min(1, lengthAtLeast(1))
    .max(100, lengthAtMost(100))
    .optional(),
  logStreamNamePrefix: LogStreamName.optional(),
  startTime: Timestamp.optional(),
  endTime: Timestamp.optional(),
  filterPattern: z.string(NOT_NULL).max(1024, lengthAtMost(1024)).optional(),
  nextToken: NextToken.optional(),
  limit: EventsLimit.default(10_000),
})
export type FilterLogEventsRequest = z.infer<typeof FilterLogEventsRequest>

export const GetLogEventsRequest = z.object({
  logGroupName: LogGroupName,
  logStreamName: LogStreamName,
  startTime: Timestamp.optional(),
  endTime: Timestamp.optional(),
  nextToken: NextToken.optional(),
  limit: EventsLimit.default(10_000),
  startFromHead: z.boolean('Member must be a boolean').default(false),
})
export type GetLogEventsRequest = z.infer<typeof GetLogEventsRequest>
