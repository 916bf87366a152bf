import type { Outcome } from '../../ports/function-runner.ts'

const EXITED = 'Process exited before completing request'

/**
 * workerd tells only by its texts how an instance ended a call (seen with 1.20261023.1): a call
 * that can never settle, `process.exit`, code that does not compile, a limit that was reached.
 */
const ENDS: [text: string, outcome: (message: string) => Outcome][] = [
  ["your Worker's code had hung", () => ({ kind: 'exited', errorMessage: EXITED })],
  ['process.exit(', () => ({ kind: 'exited', errorMessage: EXITED })],
  ['exceeded CPU time limit', () => ({ kind: 'exited', errorMessage: EXITED })],
  ['exceeded its memory limit', () => ({ kind: 'exited', errorMessage: EXITED })],
  ['exceeded memory limit', () => ({ kind: 'exited', errorMessage: EXITED })],
  [
    'Failed to start Worker',
    (message) => ({ kind: 'failed', errorType: 'SyntaxError', errorMessage: message }),
  ],
]

/** The outcome that an instance's error stands for; `undefined` when it is the platform's own. */
export function outcomeOfError(message: string): Outcome | undefined {
  return ENDS.find(([text]) => message.includes(text))?.[1](message)
}

export function isInstanceEnd(message: string): boolean {
  return outcomeOfError(message) !== undefined
}
