import type { Outcome } from '../../ports/function-runner.ts'
import { exited, timedOut } from '../../runtime/sandbox-outcome.ts'

type End = 'exited' | 'timedOut' | 'broken'

/**
 * workerd tells only by its texts how an instance ended a call (seen with 1.20261023.1): a call
 * that can never settle, `process.exit`, code that does not compile, a limit that was reached.
 */
const ENDS: [text: string, end: End][] = [
  ["your Worker's code had hung", 'exited'],
  ['process.exit(', 'exited'],
  ['memory limit', 'exited'],
  // The CPU limit is Timeout, and only a function that never waits uses all of it.
  ['CPU time limit', 'timedOut'],
  ['Failed to start Worker', 'broken'],
  // `new_module_registry` where it is not to be had.
  ['compatibility flag', 'broken'],
]

/** The outcome that an instance's error stands for; `undefined` when it is the platform's own. */
export function outcomeOf(error: unknown, timeoutSeconds: number): Outcome | undefined {
  const message = error instanceof Error ? error.message : String(error)
  switch (endOf(message)) {
    case 'exited':
      return exited()
    case 'timedOut':
      return timedOut(timeoutSeconds)
    case 'broken':
      return { kind: 'failed', errorType: 'SyntaxError', errorMessage: message }
    case undefined:
      return undefined
  }
}

/** Whether this is how an instance ended, and not something that the function did not catch. */
export function isInstanceEnd(message: string): boolean {
  return endOf(message) !== undefined
}

function endOf(message: string): End | undefined {
  return ENDS.find(([text]) => message.includes(text))?.[1]
}
