import { z } from 'zod'
import { violated } from './input.ts'
import { cannotBeConverted, notBoolean, unexpected } from './serialization.ts'
import { ServiceError, type ErrorCode } from './service-error.ts'

const NOT_WHOLE = 'Member must be a whole number'

/** Of one fault it tells one thing: what is too large is whole all the same. */
export const wholeNumber = () =>
  z.number(NOT_WHOLE).refine((number) => Number.isInteger(number), {
    error: NOT_WHOLE,
    abort: true,
  })

/**
 * As `parseInput`, of a body in JSON: there a member can be of a wrong type, which is told before
 * any violated constraint, as SerializationException.
 */
export function parseJsonInput<Shape extends z.ZodType>(
  shape: Shape,
  input: object,
  code: ErrorCode = 'InvalidParameterValueException',
): z.output<Shape> {
  const parsed = shape.safeParse(input, { reportInput: true })
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  const [wrongType] = issues.flatMap((issue) => wrongTypeIn(issue) ?? [])
  if (wrongType !== undefined) throw new ServiceError('SerializationException', wrongType)
  throw violated(issues, input, code)
}

/** Says why a value is not of the type that its shape wants; what is null is as good as absent. */
function wrongTypeIn(issue: z.core.$ZodIssue): string | undefined {
  const { code, input } = issue
  if (input === undefined || input === null) return undefined
  // Of an enumeration, whose values are all texts.
  if (code === 'invalid_value') return unlessIs('string', input, 'an String')
  if (code !== 'invalid_type') return undefined
  switch (issue.expected) {
    case 'string':
      return unlessIs('string', input, 'an String')
    case 'number':
    case 'int':
      return unlessIs('number', input, 'an Integer')
    case 'boolean':
      return notBoolean(input)
    case 'array':
      return unexpected(input, 'list or null')
    default:
      return unexpected(input, 'null')
  }
}

function unlessIs(type: 'string' | 'number', input: unknown, what: string): string | undefined {
  return typeof input === type ? undefined : cannotBeConverted(input, what)
}
