import type { FunctionRunner } from '../../ports/function-runner.ts'

/** Cloudflare lets a Durable Object have ten different Dynamic Workers in flight. */
const MAX_OWN_CALLS = 8

/** Runs so many events at a time by `own`, and those above by `others`. */
export function ownCallsFirst(own: FunctionRunner, others: FunctionRunner): FunctionRunner {
  let ownCalls = 0
  return {
    async run(invocation) {
      if (ownCalls >= MAX_OWN_CALLS) return others.run(invocation)
      ownCalls++
      try {
        return await own.run(invocation)
      } finally {
        ownCalls--
      }
    },
  }
}
