import type { FunctionRunner } from '../../ports/function-runner.ts'
import type { Bindings } from './bindings.ts'
import { loopback, type OwnContext } from './loopback.ts'
import { InstanceRunner } from './runner.ts'

/** Cloudflare lets a Durable Object have ten different Dynamic Workers in flight. */
const MAX_OWN_CALLS = 8

/**
 * Runs events for a Durable Object: so many from within itself, which spares a warm call a quarter
 * of its time, and those above in request contexts of their own, to which no limit of it applies.
 */
export function objectRunner(env: Bindings, ctx: OwnContext): FunctionRunner {
  const own = new InstanceRunner(env, ctx)
  let ownCalls = 0
  return {
    async run(invocation) {
      if (ownCalls >= MAX_OWN_CALLS) return loopback(ctx).Runner.run(invocation)
      ownCalls++
      try {
        return await own.run(invocation)
      } finally {
        ownCalls--
      }
    },
  }
}
