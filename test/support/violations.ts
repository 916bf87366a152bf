import type { ExpectStatic } from 'vitest'
import { expectError } from './expect-error.ts'

// AWS's sentences for violated constraints, written out once more so that tests compare to the byte.

export interface Violation {
  member: string
  /** As it is quoted: `'x'`, or `null` for what is absent. */
  value: string
  constraint: string
}

export const NOT_NULL = 'Member must not be null'
export const ONCE = 'Member must be given only once'
export const WHOLE = 'Member must be a whole number'
export const atLeast = (value: number) => `Member must have value greater than or equal to ${value}`
export const atMost = (value: number) => `Member must have value less than or equal to ${value}`
export const matching = (pattern: string) =>
  `Member must satisfy regular expression pattern: ${pattern}`
export const NAME_PATTERN = matching('[a-zA-Z0-9-_]+')

/** A refusal with exactly these violations in this order. */
export async function expectViolations(
  response: Response,
  violations: Violation[],
  expect: ExpectStatic,
): Promise<void> {
  const errors = violations.length === 1 ? 'error' : 'errors'
  const sentences = violations.map(
    ({ member, value, constraint }) =>
      `Value ${value} at '${member}' failed to satisfy constraint: ${constraint}`,
  )
  const text = `${violations.length} validation ${errors} detected: ${sentences.join('; ')}`
  const form = { status: 400, member: 'message', text } as const
  await expectError(response, 'InvalidParameterValueException', form, expect)
}
