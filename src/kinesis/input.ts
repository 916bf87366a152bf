import type { z } from 'zod'
import { NOT_NULL } from '../aws/input.ts'
import { ServiceError } from '../aws/service-error.ts'

const MAX_VIOLATIONS = 10

/** The only structure that stands in a list of an input. */
const ENTRY = 'com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry@c965e310'

/**
 * Parses an operation's input by its shape, in Kinesis's words and order: a member of a wrong type
 * is SerializationException, and only then come violated constraints, at most ten of them.
 */
export function parseKinesisInput<Shape extends z.ZodObject>(
  shape: Shape,
  input: object,
): z.output<Shape> {
  const parsed = shape.safeParse(withoutNulls(input), { reportInput: true })
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.find(isOfWrongType)
  if (wrong !== undefined) throw new ServiceError('SerializationException', wrong.message)
  const issues = inOrder(shape, parsed.error.issues).slice(0, MAX_VIOLATIONS)
  const violations = issues.map(
    (issue) =>
      `Value ${quoted(issue)} at '${nameOf(issue.path)}' failed to satisfy constraint: ${issue.message}`,
  )
  const count =
    violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`
  throw new ServiceError('ValidationException', `${count} detected: ${violations.join('; ')}`)
}

/** A member that is null is as good as absent. */
function withoutNulls(input: object): object {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
}

function isOfWrongType(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'custom') return issue.params?.isSerialization === true
  return issue.code === 'invalid_type' && issue.message !== NOT_NULL
}

/** As the shape's members stand; what is wrong with a list comes before what is wrong in it. */
function inOrder(shape: z.ZodObject, issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const members = Object.keys(shape.shape)
  const place = ({ path }: z.core.$ZodIssue) => members.indexOf(String(path[0]))
  const depth = ({ path }: z.core.$ZodIssue) => Math.min(path.length, 2)
  return issues.toSorted((a, b) => place(a) - place(b) || depth(a) - depth(b))
}

/** `records.1.member.partitionKey` */
function nameOf(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `${key + 1}.member` : lowerFirst(String(key))))
    .join('.')
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function quoted(issue: z.core.$ZodIssue): string {
  if (issue.message === NOT_NULL) return 'null'
  const blobBytes: unknown = issue.code === 'custom' ? issue.params?.blobBytes : undefined
  if (typeof blobBytes === 'number') {
    return `'java.nio.HeapByteBuffer[pos=0 lim=${blobBytes} cap=${blobBytes}]'`
  }
  const { input } = issue
  if (Array.isArray(input)) return `'[${input.map(() => ENTRY).join(', ')}]'`
  return `'${typeof input === 'string' ? input : JSON.stringify(input)}'`
}
