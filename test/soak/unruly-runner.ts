import type {
  FunctionRunner,
  Invocation,
  Outcome,
  RunResult,
} from '../../src/ports/function-runner.ts'
import type { Random } from '../support/random.ts'

/** Longer than any lease: whoever answers then answers for an event that is another's by now. */
const LATE_MILLISECONDS = 2 * 60_000

const BAD_ENDS: [Outcome, ...Outcome[]] = [
  { kind: 'failed', errorMessage: 'boom' },
  { kind: 'exited', errorMessage: 'Process exited before completing request' },
  { kind: 'timedOut', errorMessage: 'Task timed out after 3.00 seconds' },
]

/**
 * Functions that by seed succeed, fail, exit, time out, or answer when nobody waits any more, and
 * instances that are busy. `succeeded` is told of what a function did when it succeeded.
 */
export function unrulyRunner(
  random: Random,
  now: () => number,
  succeeded: (invocation: Invocation) => void,
) {
  const counts = { failed: 0, exited: 0, timedOut: 0, late: 0, busy: 0 }
  const waiting: { untilMilliseconds: number; end: () => void }[] = []

  const runner: FunctionRunner = {
    async run(invocation): Promise<RunResult> {
      await new Promise((resolve) => setImmediate(resolve))
      if (random.chance(0.02)) {
        counts.busy += 1
        return { ran: false, reason: 'The instance is busy', isBusy: true }
      }
      if (random.chance(0.01)) {
        counts.late += 1
        await new Promise<void>((end) => {
          waiting.push({ untilMilliseconds: now() + LATE_MILLISECONDS, end })
        })
      }
      if (random.chance(0.1)) {
        const outcome = random.pick(BAD_ENDS)
        if (outcome.kind !== 'succeeded') counts[outcome.kind] += 1
        return { ran: true, outcome }
      }
      succeeded(invocation)
      return { ran: true, outcome: { kind: 'succeeded' } }
    },
  }

  return {
    runner,
    counts,
    /** Lets those answer whose time has come. */
    endLate() {
      for (const one of waiting.filter(({ untilMilliseconds }) => untilMilliseconds <= now())) {
        waiting.splice(waiting.indexOf(one), 1)
        one.end()
      }
    },
  }
}
