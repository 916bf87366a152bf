import { bare, isError, stringify } from './primordials.ts'
import type { SandboxAnswer } from './protocol.ts'

export function encodeAnswer(answer: SandboxAnswer): string {
  const lines = 'stackTrace' in answer ? answer.stackTrace : undefined
  const stackTrace = lines === undefined ? {} : { stackTrace: bare([...lines]) }
  return stringify(bare({ ...answer, ...stackTrace }))
}

/** What `context.fail(error)` of 2014 made of its argument. */
export function failureOf(error: unknown): SandboxAnswer {
  if (!isError(error)) return { kind: 'failed', errorMessage: textOf(error ?? null) }
  const stackTrace = stackLines(error)
  return {
    kind: 'failed',
    errorMessage: memberText(error, 'message'),
    errorType: memberText(error, 'name'),
    ...(stackTrace === undefined ? {} : { stackTrace }),
  }
}

/** The lines of a stack after its first. */
export function stackLines(error: unknown): string[] | undefined {
  const stack = stackOf(error)
  return stack
    ?.split('\n')
    .slice(1)
    .map((line) => line.trim())
}

/** What a dying process prints. */
export function printable(error: unknown): string {
  return stackOf(error) ?? textOf(error)
}

/** `String(value)`; objects without a working `toString` have a text as well. */
export function textOf(value: unknown): string {
  try {
    return String(value)
  } catch {
    return '[object Object]'
  }
}

function stackOf(error: unknown): string | undefined {
  if (!isError(error)) return undefined
  try {
    const stack: unknown = error.stack
    return typeof stack === 'string' ? stack : undefined
  } catch {
    return undefined
  }
}

function memberText(error: Error, member: 'message' | 'name'): string {
  try {
    return textOf(error[member])
  } catch {
    return ''
  }
}
