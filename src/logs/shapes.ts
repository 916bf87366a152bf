import { z } from 'zod'
import {
  NOT_NULL,
  atLeast,
  atMost,
  enumeration,
  lengthAtLeast,
  lengthAtMost,
  pattern,
} from '../aws/input.ts'
import { wholeNumber } from '../aws/json-input.ts'

// The shapes of CloudWatch Logs (Logs_20140328), by the names of its model. The service tells of a
// violated pattern before it tells of a violated length.

const LogGroupName = z
  .string(NOT_NULL)
  .regex(/^[.\-_/#A-Za-z0-9]+$/, pattern(String.raw`[\.\-_/#A-Za-z0-9]+`))
  .min(1, lengthAtLeast(1))
  .max(512, lengthAtMost(512))

const LogGroupNamePattern = z
  .string(NOT_NULL)
  .regex(/^[.\-_/#A-Za-z0-9]*$/, pattern(String.raw`[\.\-_/#A-Za-z0-9]*`))
  .max(512, lengthAtMost(512))

const LogGroupIdentifier = z
  .string(NOT_NULL)
  .regex(/^[\w#+=/:,.@\-*]*$/, pattern(String.raw`[\w#+=/:,.@-]*`))
  .min(1, lengthAtLeast(1))
  .max(2048, lengthAtMost(2048))

const LogStreamName = z
  .string(NOT_NULL)
  .regex(/^[^:*]*$/, pattern('[^:*]*'))
  .min(1, lengthAtLeast(1))
  .max(512, lengthAtMost(512))

const flag = () => z.boolean('Member must be a boolean')

/** Milliseconds since 1970. */
const Timestamp = wholeNumber()
  .min(0, atLeast(0))
  .max(Number.MAX_SAFE_INTEGER, atMost(Number.MAX_SAFE_INTEGER))
const EventsLimit = wholeNumber().min(1, atLeast(1)).max(10_000, atMost(10_000))
const DescribeLimit = wholeNumber().min(1, atLeast(1)).max(50, atMost(50))
const NextToken = z.string(NOT_NULL).min(1, lengthAtLeast(1))

const DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
]
const Days = z
  .number(NOT_NULL)
  .refine((days) => DAYS.includes(days), { error: enumeration(DAYS.map(String)) })

/** Which group: by name or, from later clients, by name or ARN. */
const group = {
  logGroupName: LogGroupName.optional(),
  logGroupIdentifier: LogGroupIdentifier.optional(),
}
type NamedGroup = { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined }
const namesGroup = (input: NamedGroup) =>
  input.logGroupName !== undefined || input.logGroupIdentifier !== undefined
const groupMissing = { path: ['logGroupName'], error: NOT_NULL }

const CLASSES = ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'] as const
const LogGroupClass = z.enum(CLASSES, enumeration([...CLASSES]))

/** Tags are ignored. */
export const CreateLogGroupRequest = z.object({
  logGroupName: LogGroupName,
  kmsKeyId: z.string(NOT_NULL).max(256, lengthAtMost(256)).optional(),
  logGroupClass: LogGroupClass.default('STANDARD'),
})
export type CreateLogGroupRequest = z.infer<typeof CreateLogGroupRequest>

/** DeleteLogGroup and DeleteRetentionPolicy. */
export const LogGroupRequest = z.object({ logGroupName: LogGroupName })
export type LogGroupRequest = z.infer<typeof LogGroupRequest>

export const PutRetentionPolicyRequest = z.object({
  logGroupName: LogGroupName,
  retentionInDays: Days,
})
export type PutRetentionPolicyRequest = z.infer<typeof PutRetentionPolicyRequest>

export const DescribeLogGroupsRequest = z.object({
  logGroupNamePrefix: LogGroupName.optional(),
  logGroupNamePattern: LogGroupNamePattern.optional(),
  logGroupIdentifiers: z
    .array(LogGroupIdentifier)
    .min(1, lengthAtLeast(1))
    .max(50, lengthAtMost(50))
    .optional(),
  logGroupClass: LogGroupClass.default('STANDARD'),
  nextToken: NextToken.optional(),
  limit: DescribeLimit.default(50),
})
export type DescribeLogGroupsRequest = z.infer<typeof DescribeLogGroupsRequest>

const ORDERS = ['LogStreamName', 'LastEventTime'] as const

export const DescribeLogStreamsRequest = z
  .object({
    ...group,
    logStreamNamePrefix: LogStreamName.optional(),
    orderBy: z.enum(ORDERS, enumeration([...ORDERS])).default('LogStreamName'),
    descending: flag().default(false),
    nextToken: NextToken.optional(),
    limit: DescribeLimit.default(50),
  })
  .refine(namesGroup, groupMissing)
export type DescribeLogStreamsRequest = z.infer<typeof DescribeLogStreamsRequest>

export const FilterLogEventsRequest = z
  .object({
    ...group,
    logStreamNames: z
      .array(LogStreamName)
      .min(1, lengthAtLeast(1))
      .max(100, lengthAtMost(100))
      .optional(),
    logStreamNamePrefix: LogStreamName.optional(),
    startTime: Timestamp.optional(),
    endTime: Timestamp.optional(),
    filterPattern: z.string(NOT_NULL).max(1024, lengthAtMost(1024)).default(''),
    nextToken: NextToken.optional(),
    limit: EventsLimit.default(10_000),
  })
  .refine(namesGroup, groupMissing)
export type FilterLogEventsRequest = z.infer<typeof FilterLogEventsRequest>

export const GetLogEventsRequest = z
  .object({
    ...group,
    logStreamName: LogStreamName,
    startTime: Timestamp.optional(),
    endTime: Timestamp.optional(),
    nextToken: NextToken.optional(),
    limit: EventsLimit.default(10_000),
    startFromHead: flag().default(false),
  })
  .refine(namesGroup, groupMissing)
export type GetLogEventsRequest = z.infer<typeof GetLogEventsRequest>
