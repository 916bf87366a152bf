/** What happens to an event after a try that did not succeed. */
export type Verdict = { kind: 'retry'; delayMilliseconds: number } | { kind: 'dead' }

/**
 * A function's own failures: one retry for each configured delay, then dead. AWS waits a minute,
 * then two. `failures` counts this one.
 */
export function afterFailure(failures: number, delaysSeconds: readonly number[]): Verdict {
  const delaySeconds = delaysSeconds[failures - 1]
  return delaySeconds === undefined
    ? { kind: 'dead' }
    : { kind: 'retry', delayMilliseconds: delaySeconds * 1000 }
}

const MAX_FAULT_DELAY_MILLISECONDS = 5 * 60 * 1000
const FAULT_BUDGET_MILLISECONDS = 6 * 60 * 60 * 1000
/** An event that waited six hours for its turn is not given up for the first thing that goes wrong. */
const FEWEST_FAULTS = 8

/**
 * The platform's failures, which are no fault of the function: 1 s, 2 s, 4 s … up to five minutes
 * apart, for six hours after the event was accepted, as AWS does it. `faults` counts this one.
 */
export function afterFault(faults: number, ageMilliseconds: number): Verdict {
  const isOld = ageMilliseconds > FAULT_BUDGET_MILLISECONDS
  if (isOld && faults >= FEWEST_FAULTS) return { kind: 'dead' }
  const delay = 1000 * 2 ** Math.min(faults - 1, 20)
  return { kind: 'retry', delayMilliseconds: Math.min(delay, MAX_FAULT_DELAY_MILLISECONDS) }
}
