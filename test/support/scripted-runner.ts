import type { FunctionRunner, Invocation, RunResult } from '../../src/ports/function-runner.ts'

/** A runner whose outcomes the test decides, one invocation after the other. */
export function scriptedRunner() {
  const started: Invocation[] = []
  const waiting: ((result: RunResult) => void)[] = []
  let answers: RunResult[] = []
  const runner: FunctionRunner = {
    run(invocation) {
      started.push(invocation)
      const answer = answers.shift()
      if (answer !== undefined) return Promise.resolve(answer)
      return new Promise((resolve) => waiting.push(resolve))
    },
  }
  return {
    runner,
    started,
    /** What the next invocations come to, at once. Without this they wait for `finish`. */
    willAnswer(...results: RunResult[]) {
      answers = [...answers, ...results]
    },
    /** Ends the invocation that has been running longest. */
    finish(result: RunResult) {
      const resolve = waiting.shift()
      if (resolve === undefined) throw new Error('No invocation is running')
      resolve(result)
    },
  }
}

export const SUCCEEDED: RunResult = { ran: true, outcome: { kind: 'succeeded' } }
export const FAILED: RunResult = { ran: true, outcome: { kind: 'failed', errorMessage: 'nope' } }
export const FAULT: RunResult = { ran: false, reason: 'no room' }

/** Lets everything that is ready to go on go on. */
export const settled = () => new Promise((resolve) => setImmediate(resolve))
