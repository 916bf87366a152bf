import type { FunctionRunner } from '../../ports/function-runner.ts'
import type { Bindings } from './bindings.ts'
import { loopback, type OwnContext } from './loopback.ts'
import { ownCallsFirst } from './own-calls-first.ts'
import { InstanceRunner } from './runner.ts'

/**
 * Runs events for a Durable Object: from within itself, which spares a warm call a quarter of its
 * time, and what is too much for it in request contexts of their own, to which no limit applies.
 */
export function objectRunner(env: Bindings, ctx: OwnContext): FunctionRunner {
  const own = new InstanceRunner(env, ctx)
  const others: FunctionRunner = { run: (invocation) => loopback(ctx).Runner.run(invocation) }
  return ownCallsFirst(own, others, {
    now: () => Date.now(),
    wait: (milliseconds) => scheduler.wait(milliseconds),
  })
}
