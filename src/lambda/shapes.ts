import { z } from 'zod'
import {
  atLeast,
  atMost,
  enumeration,
  lengthAtLeast,
  lengthAtMost,
  notOneString,
  pattern,
} from '../aws/input.ts'

// The shapes of the 2014-11-11 model, by its names. Where its two published revisions differ, the
// union is accepted: names with `_`, roles with `/`, MemorySize from 64.

const FUNCTION_NAME = '[a-zA-Z0-9-_]+'
const ROLE = String.raw`arn:aws:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`
const HANDLER = String.raw`[a-zA-Z0-9./\-_]+`

// The model gives these two no bound. The stores need one: lists cost most where records are long.
/** No role that IAM can have is longer: 30 characters, a path of up to 512, a name of up to 64. */
const MAX_ROLE_LENGTH = 606
/** That of the later API, 2015-03-31. */
const MAX_HANDLER_LENGTH = 128

const member = () => z.string({ error: notOneString })
const wholeMatch = (expression: string) => new RegExp(`^(?:${expression})$`)

export const FunctionName = member()
  .min(1, lengthAtLeast(1))
  .max(64, lengthAtMost(64))
  .regex(wholeMatch('[a-zA-Z0-9_-]+'), pattern(FUNCTION_NAME))

export const Runtime = z.literal('nodejs', { error: requiredEnum(['nodejs']) })
export const Mode = z.literal('event', { error: requiredEnum(['event']) })
export const RoleArn = member()
  .max(MAX_ROLE_LENGTH, lengthAtMost(MAX_ROLE_LENGTH))
  .regex(wholeMatch(ROLE), pattern(ROLE))
export const Handler = member()
  .max(MAX_HANDLER_LENGTH, lengthAtMost(MAX_HANDLER_LENGTH))
  .regex(wholeMatch(HANDLER), pattern(HANDLER))
export const Description = member().max(256, lengthAtMost(256))
export const Timeout = wholeNumber(z.int().min(1, atLeast(1)).max(60, atMost(60)))
export const MemorySize = wholeNumber(
  z
    .int()
    .min(64, atLeast(64))
    .max(1024, atMost(1024))
    .multipleOf(64, 'Member must be a multiple of 64'),
)
export const Marker = member()
export const MaxItems = wholeNumber(z.int().min(1, atLeast(1)).max(10_000, atMost(10_000)))

/** A number in a query string. `Number('')` is 0 and `Number('1e1')` is 10: neither is meant. */
export function wholeNumber(number: z.ZodNumber) {
  return member()
    .regex(/^-?\d+$/, 'Member must be a whole number')
    .transform((digits) => nearestSafe(Number(digits)))
    .pipe(number)
}

/** No range here reaches so far, so that what is beyond is told as out of range. */
function nearestSafe(value: number): number {
  return Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)
}

function requiredEnum(values: string[]) {
  return (issue: { input?: unknown }) =>
    typeof issue.input === 'string' ? enumeration(values) : notOneString(issue)
}

export const FunctionPath = z.object({ FunctionName })

export const UploadFunctionRequest = z.object({
  FunctionName,
  Runtime,
  Role: RoleArn,
  Handler,
  Mode,
  Description: Description.default(''),
  Timeout: Timeout.default(3),
  MemorySize: MemorySize.default(128),
})
export type UploadFunctionRequest = z.infer<typeof UploadFunctionRequest>

export const UpdateFunctionConfigurationRequest = z.object({
  FunctionName,
  Role: RoleArn.optional(),
  Handler: Handler.optional(),
  Description: Description.optional(),
  Timeout: Timeout.optional(),
  MemorySize: MemorySize.optional(),
})
export type UpdateFunctionConfigurationRequest = z.infer<typeof UpdateFunctionConfigurationRequest>

export const ListFunctionsRequest = z.object({
  Marker: Marker.optional(),
  MaxItems: MaxItems.default(50),
})
export type ListFunctionsRequest = z.infer<typeof ListFunctionsRequest>
