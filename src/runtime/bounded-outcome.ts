import { excerpt } from '../aws/excerpt.ts'
import type { Outcome } from '../ports/function-runner.ts'

/** As much as one event of CloudWatch Logs holds: more of an error than this nobody sees. */
const MAX_TEXT_CHARACTERS = 262_144
const MAX_TYPE_CHARACTERS = 256

/**
 * An outcome that can go on to whoever waits for it. A function may fail with an error of any size,
 * and a Durable Object's RPC refuses what is beyond 32 MiB: the event would never be settled.
 */
export function boundedOutcome(outcome: Outcome): Outcome {
  if (outcome.kind === 'succeeded') return outcome
  const errorMessage = excerpt(outcome.errorMessage, MAX_TEXT_CHARACTERS)
  if (outcome.kind !== 'failed') return { ...outcome, errorMessage }
  const { errorType, stackTrace } = outcome
  return {
    kind: 'failed',
    errorMessage,
    ...(errorType === undefined ? {} : { errorType: excerpt(errorType, MAX_TYPE_CHARACTERS) }),
    ...(stackTrace === undefined ? {} : { stackTrace: boundedLines(stackTrace) }),
  }
}

function boundedLines(lines: readonly string[]): string[] {
  let room = MAX_TEXT_CHARACTERS
  const kept: string[] = []
  for (const line of lines) {
    if (room <= 0) break
    kept.push(excerpt(line, room))
    room -= line.length + 1
  }
  return kept
}
