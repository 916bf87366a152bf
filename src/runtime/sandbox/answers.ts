import { bare, clipped, isError, stringify } from './primordials.ts'
import { MAX_TEXT_LENGTH, type SandboxAnswer } from './protocol.ts'

type Failure = Extract<SandboxAnswer, { kind: 'failed' }>

const NO_TEXT =
  'fail() called with argument but a problem was encountered while converting it to a to string'

export function encodeAnswer(answer: SandboxAnswer): string {
  return stringify(bare({ ...answer }))
}

/**
 * What `context.fail(error)` made of its argument; nothing at all is `null`, and what has no text
 * has Lambda's own (both in iron-io/lambda, images/node/bootstrap.js, found by trying).
 */
export function failureOf(error: unknown): Failure {
  if (error === undefined || error === null) return { kind: 'failed', errorMessage: null }
  if (!isError(error)) {
    return { kind: 'failed', errorMessage: clipped(textOf(error, NO_TEXT), MAX_TEXT_LENGTH) }
  }
  const stack = stackOf(error)
  return {
    kind: 'failed',
    errorMessage: clipped(memberText(error, 'message'), MAX_TEXT_LENGTH),
    errorType: clipped(memberText(error, 'name'), MAX_TEXT_LENGTH),
    ...(stack === undefined ? {} : { stack: clipped(stack, MAX_TEXT_LENGTH) }),
  }
}

/** What keeps a handler from being called; Lambda wrote it into the log as it is. */
export function initFailure(what: string, error?: unknown): Failure {
  if (error === undefined) return { kind: 'failed', errorMessage: what, log: what }
  const log = clipped(`${what}: ${printable(error)}`, MAX_TEXT_LENGTH)
  return { ...failureOf(error), log }
}

/** What a dying process prints. */
export function printable(error: unknown): string {
  return stackOf(error) ?? textOf(error)
}

/** `String(value)`; objects without a working `toString` have a text as well. */
export function textOf(value: unknown, otherwise = '[object Object]'): string {
  try {
    return String(value)
  } catch {
    return otherwise
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
