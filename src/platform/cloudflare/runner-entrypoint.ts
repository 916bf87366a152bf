import { WorkerEntrypoint } from 'cloudflare:workers'
import type { FunctionRunner, Invocation } from '../../ports/function-runner.ts'
import type { Bindings } from './bindings.ts'
import { InstanceRunner } from './runner.ts'

/** Runs events as `InstanceRunner` does, each in a request context of its own. */
export class Runner extends WorkerEntrypoint<Bindings> implements FunctionRunner {
  run(invocation: Invocation) {
    return new InstanceRunner(this.env, this.ctx).run(invocation)
  }
}
