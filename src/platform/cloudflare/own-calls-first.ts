import type { FunctionRunner, Invocation, RunResult } from '../../ports/function-runner.ts'

/** Cloudflare lets a Durable Object have ten different Dynamic Workers in flight. */
const MAX_OWN_CALLS = 8
/** A call waits no longer for another to end, and only while calls take no longer. */
const PATIENCE_MILLISECONDS = 25

interface Waiting {
  untilMilliseconds: number
  go: (isOwn: boolean) => void
}

interface Clock {
  now: () => number
  wait: (milliseconds: number) => Promise<void>
}

/**
 * Runs so many events at a time by `own`, and those above by `others`: that takes a tenth more, so
 * where calls are short one that is too many waits a moment for one of the own to end.
 */
export function ownCallsFirst(
  own: FunctionRunner,
  others: FunctionRunner,
  { now, wait }: Clock,
): FunctionRunner {
  let ownCalls = 0
  let areShort = false
  let isWatched = false
  const waiting: Waiting[] = []

  /** Resolves with whether it is one of the own; then it has its place. */
  function turn(): Promise<boolean> {
    const { promise, resolve: go } = Promise.withResolvers<boolean>()
    waiting.push({ untilMilliseconds: now() + PATIENCE_MILLISECONDS, go })
    if (!isWatched) void watch()
    return promise
  }

  /** Sends away who has waited in vain. */
  async function watch(): Promise<void> {
    isWatched = true
    for (let [first] = waiting; first !== undefined; [first] = waiting) {
      const left = first.untilMilliseconds - now()
      if (left > 0) await wait(left)
      else {
        areShort = false
        waiting.shift()?.go(false)
      }
    }
    isWatched = false
  }

  async function runOwn(invocation: Invocation): Promise<RunResult> {
    const startedAtMilliseconds = now()
    try {
      return await own.run(invocation)
    } finally {
      areShort = now() - startedAtMilliseconds <= PATIENCE_MILLISECONDS
      const next = waiting.shift()
      if (next === undefined) ownCalls--
      else next.go(true)
    }
  }

  return {
    async run(invocation) {
      if (ownCalls < MAX_OWN_CALLS) ownCalls++
      else if (!areShort || !(await turn())) return others.run(invocation)
      return runOwn(invocation)
    },
  }
}
