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
import { cannotBeConverted, notBoolean, unexpected } from '../aws/serialization.ts'
import { notBase64 } from './base64.ts'

// The shapes of Kinesis (Kinesis_20131202), by the names of its model. Members stand in the order in
// which the service tells of them, which is no alphabet's.

const MAX_DATA_BYTES = 1024 * 1024

/** What is said of a member of a wrong type; one that is absent or null violates a constraint. */
const orNull = (say: (input: unknown) => string) => ({
  error: ({ input }: { input?: unknown }) =>
    input === undefined || input === null ? NOT_NULL : say(input),
})

const text = () => z.string(orNull((input) => cannotBeConverted(input, 'an String')))
const flag = () => z.boolean(orNull(notBoolean))
/** Fractions are cut off, and what is too large for Java is its largest. */
const integer = () =>
  z
    .number(orNull((input) => cannotBeConverted(input, 'an Integer')))
    .transform((number) => Math.min(Math.floor(number), 2 ** 31 - 1))
const integerOf = (least: number, most: number) =>
  integer().pipe(z.number().min(least, atLeast(least)).max(most, atMost(most)))
/** Seconds since 1970. */
const timestamp = () =>
  z.number(orNull((input) => cannotBeConverted(input, 'milliseconds since epoch')))

const structure = <Members extends z.ZodRawShape>(members: Members) =>
  z.object(
    members,
    orNull((input) => unexpected(input, 'null')),
  )

const name = () =>
  text()
    .regex(/^[a-zA-Z0-9_.-]+$/, pattern('[a-zA-Z0-9_.-]+'))
    .min(1, lengthAtLeast(1))
    .max(128, lengthAtMost(128))
const StreamARN = text()
  .regex(
    /^arn:aws.*:kinesis:.*:\d{12}:stream\/\S+$/,
    pattern(String.raw`arn:aws.*:kinesis:.*:\d{12}:stream/\S+`),
  )
  .max(2048, lengthAtMost(2048))
const SequenceNumber = text().regex(
  /^(0|([1-9]\d{0,128}))$/,
  pattern(String.raw`0|([1-9]\d{0,128})`),
)

const NextToken = text().min(1, lengthAtLeast(1)).max(1_048_576, lengthAtMost(1_048_576))

/** Which stream: by name or, from later clients, by ARN. */
const whichStream = { StreamName: name().optional(), StreamARN: StreamARN.optional() }
const namesStream = (input: { StreamName?: string | undefined; StreamARN?: string | undefined }) =>
  input.StreamName !== undefined || input.StreamARN !== undefined
const streamMissing = { path: ['StreamName'], error: NOT_NULL, when: () => true }

const Data = z.string(orNull((input) => cannotBeConverted(input, 'a Blob'))).check((context) => {
  const { value: data, issues } = context
  const fault = notBase64(data)
  if (fault !== undefined) {
    issues.push({ code: 'custom', input: data, message: fault, params: { isSerialization: true } })
    return
  }
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0
  const blobBytes = (data.length / 4) * 3 - padding
  if (blobBytes <= MAX_DATA_BYTES) return
  const message = lengthAtMost(MAX_DATA_BYTES)
  issues.push({ code: 'custom', input: data, message, params: { blobBytes } })
})
const record = {
  PartitionKey: text().min(1, lengthAtLeast(1)).max(256, lengthAtMost(256)),
  ExplicitHashKey: text()
    .regex(/^(0|([1-9]\d{0,38}))$/, pattern(String.raw`0|([1-9]\d{0,38})`))
    .nullish(),
  Data,
}

export const CreateStreamRequest = z
  .object({
    ShardCount: integerOf(1, 100_000).optional(),
    StreamName: name(),
    StreamModeDetails: structure({ StreamMode: text() }).optional(),
  })
  .refine(
    // A stream on demand has no count, and is told that there are no such streams.
    ({ ShardCount, StreamModeDetails }) =>
      ShardCount !== undefined ||
      (StreamModeDetails?.StreamMode ?? 'PROVISIONED') !== 'PROVISIONED',
    { path: ['ShardCount'], error: NOT_NULL, when: () => true },
  )
export type CreateStreamRequest = z.infer<typeof CreateStreamRequest>

export const DeleteStreamRequest = z
  .object({ ...whichStream, EnforceConsumerDeletion: flag().optional() })
  .refine(namesStream, streamMissing)
export type DeleteStreamRequest = z.infer<typeof DeleteStreamRequest>

export const DescribeStreamRequest = z
  .object({
    Limit: integerOf(1, 10_000).default(100),
    ExclusiveStartShardId: name().optional(),
    ...whichStream,
  })
  .refine(namesStream, streamMissing)
export type DescribeStreamRequest = z.infer<typeof DescribeStreamRequest>

export const DescribeStreamSummaryRequest = z.object(whichStream).refine(namesStream, streamMissing)
export type DescribeStreamSummaryRequest = z.infer<typeof DescribeStreamSummaryRequest>

export const GetRecordsRequest = z.object({
  Limit: integerOf(1, 10_000).default(10_000),
  ShardIterator: text().min(1, lengthAtLeast(1)).max(512, lengthAtMost(512)),
})
export type GetRecordsRequest = z.infer<typeof GetRecordsRequest>

const ITERATOR_TYPES = [
  'AFTER_SEQUENCE_NUMBER',
  'LATEST',
  'AT_TIMESTAMP',
  'AT_SEQUENCE_NUMBER',
  'TRIM_HORIZON',
] as const

export const GetShardIteratorRequest = z
  .object({
    ShardId: name(),
    ShardIteratorType: text().pipe(z.enum(ITERATOR_TYPES, enumeration([...ITERATOR_TYPES]))),
    StartingSequenceNumber: SequenceNumber.optional(),
    ...whichStream,
    Timestamp: timestamp().optional(),
  })
  .refine(namesStream, streamMissing)
export type GetShardIteratorRequest = z.infer<typeof GetShardIteratorRequest>

const FILTER_TYPES = [
  'AFTER_SHARD_ID',
  'AT_TRIM_HORIZON',
  'FROM_TRIM_HORIZON',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'FROM_TIMESTAMP',
] as const

const ShardFilter = structure({
  Type: text().pipe(z.enum(FILTER_TYPES, enumeration([...FILTER_TYPES]))),
  ShardId: name().nullish(),
  Timestamp: timestamp().nullish(),
})
export type ShardFilter = z.infer<typeof ShardFilter>

export const ListShardsRequest = z.object({
  MaxResults: integerOf(1, 10_000).default(1000),
  ExclusiveStartShardId: name().optional(),
  ...whichStream,
  NextToken: NextToken.optional(),
  StreamCreationTimestamp: timestamp().optional(),
  ShardFilter: ShardFilter.optional(),
})
export type ListShardsRequest = z.infer<typeof ListShardsRequest>

export const ListStreamsRequest = z.object({
  Limit: integerOf(1, 10_000).default(100),
  ExclusiveStartStreamName: name().optional(),
  NextToken: NextToken.optional(),
})
export type ListStreamsRequest = z.infer<typeof ListStreamsRequest>

export const PutRecordRequest = z
  .object({ SequenceNumberForOrdering: SequenceNumber.optional(), ...record, ...whichStream })
  .refine(namesStream, streamMissing)
export type PutRecordRequest = z.infer<typeof PutRecordRequest>

export const PutRecordsRequest = z
  .object({
    Records: z
      .array(
        structure(record),
        orNull((input) => unexpected(input, 'list or null')),
      )
      .min(1, lengthAtLeast(1))
      // Zod's own bound would keep what is wrong with the members to itself.
      .refine((records) => records.length <= 500, lengthAtMost(500)),
    ...whichStream,
  })
  .refine(namesStream, streamMissing)
export type PutRecordsRequest = z.infer<typeof PutRecordsRequest>
