import type { FunctionRunner, RunResult } from '../../ports/function-runner.ts'

export interface DrainedRunner extends FunctionRunner {
  /** No function is started any more. Resolves when all that run have ended. */
  drain(): Promise<void>
}

/** A function that the gateway ended, or never began, is not to blame: its event goes back. */
const STOPPING: RunResult = { ran: false, reason: 'The gateway is stopping', isBusy: true }

/** Counts what runs, so that the gateway can stop without breaking it off. */
export function drainedRunner(runner: FunctionRunner): DrainedRunner {
  const running = new Set<Promise<unknown>>()
  const stopping = new AbortController()
  const isStopping = () => stopping.signal.aborted
  return {
    async run(invocation) {
      if (isStopping()) return STOPPING
      const run = runner.run(invocation)
      running.add(run)
      try {
        const result = await run
        return isStopping() && !result.ran ? STOPPING : result
      } finally {
        running.delete(run)
      }
    },
    async drain() {
      stopping.abort()
      await Promise.allSettled(running)
    },
  }
}
