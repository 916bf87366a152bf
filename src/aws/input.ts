import type { z } from 'zod'
import { ServiceError, type ErrorCode } from './service-error.ts'

/**
 * Parses an operation's input by its shape. Each message in the schema is AWS's constraint
 * sentence, so what is thrown reads as the real service's: `1 validation error detected: Value
 * 'worker' at 'role' failed to satisfy constraint: …` (motdotla/node-lambda#8). The code is the one
 * that the service documents for it.
 */
export function parseInput<Shape extends z.ZodType>(
  shape: Shape,
  input: object,
  code: ErrorCode = 'InvalidParameterValueException',
): z.output<Shape> {
  const parsed = shape.safeParse(input)
  if (parsed.success) return parsed.data
  throw violated(parsed.error.issues, input, code)
}

/** What is said of violated constraints. */
export function violated(
  issues: readonly z.core.$ZodIssue[],
  input: object,
  code: ErrorCode,
): ServiceError {
  const violations = issues.map((issue) => {
    const member = issue.path.map(String).join('.')
    const name = member.charAt(0).toLowerCase() + member.slice(1)
    const value = quoted(issue.path.reduce<unknown>(memberOf, input))
    return `Value ${value} at '${name}' failed to satisfy constraint: ${issue.message}`
  })
  const count =
    violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`
  return new ServiceError(code, `${count} detected: ${violations.join('; ')}`)
}

function memberOf(holder: unknown, key: PropertyKey): unknown {
  if (typeof holder !== 'object' || holder === null) return undefined
  return Object.getOwnPropertyDescriptor(holder, key)?.value
}

function quoted(value: unknown): string {
  return value === undefined || value === null ? 'null' : `'${shown(value)}'`
}

/** Deeper than any shape goes. What is nested ten thousand times would end the stack. */
const MAX_SHOWN_DEPTH = 8

/** A value as Java prints it: that is how the real service quotes lists. */
function shown(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (depth === MAX_SHOWN_DEPTH) return '…'
  if (Array.isArray(value)) return `[${value.map((one) => shown(one, depth + 1)).join(', ')}]`
  const members = Object.entries(value).map(([key, one]) => `${key}=${shown(one, depth + 1)}`)
  return `{${members.join(', ')}}`
}

/** What is wrong with a member that should be one string: it is absent, or the query has it twice. */
export function notOneString({ input }: { input?: unknown }): string {
  return Array.isArray(input) ? 'Member must be given only once' : NOT_NULL
}

// AWS's sentences for the constraints of a model's shapes.
export const NOT_NULL = 'Member must not be null'
export const pattern = (expression: string): string =>
  `Member must satisfy regular expression pattern: ${expression}`
export const enumeration = (values: string[]): string =>
  `Member must satisfy enum value set: [${values.join(', ')}]`
export const atLeast = (value: number): string =>
  `Member must have value greater than or equal to ${value}`
export const atMost = (value: number): string =>
  `Member must have value less than or equal to ${value}`
export const lengthAtLeast = (length: number): string =>
  `Member must have length greater than or equal to ${length}`
export const lengthAtMost = (length: number): string =>
  `Member must have length less than or equal to ${length}`
