import type { FunctionRunner, Invocation, Outcome, RunResult } from '../../ports/function-runner.ts'
import { NO_OUTPUT, type CallReport } from '../../runtime/call-log.ts'
import type { CredentialVariables } from '../../runtime/role-credentials.ts'
import { describeFunction, randomMark } from '../../runtime/sandbox-call.ts'
import { readOutcome, timedOut } from '../../runtime/sandbox-outcome.ts'
import type { SandboxCall } from '../../runtime/sandbox/protocol.ts'
import type { Bindings } from './bindings.ts'
import { callIdOf, callUrl, type CallName } from './call-url.ts'
import { discardBody } from './discard-body.ts'
import { outcomeOf } from './instance-end.ts'
import { distrustInstance, loadInstance, type Instance } from './load-instance.ts'
import type { OwnContext } from './loopback.ts'
import { roleCredentials } from './role-credentials.ts'
import { settingsOf } from './settings-of.ts'
import { timeLimit } from './time-limit.ts'

/** After Timeout an instance is busy for this long, should its end not have been seen. */
const BUSY_MARGIN_MILLISECONDS = 1000

/** Runs events in the instances of their functions, from the context that it is given. */
export class InstanceRunner implements FunctionRunner {
  readonly env: Bindings
  readonly ctx: OwnContext

  constructor(env: Bindings, ctx: OwnContext) {
    this.env = env
    this.ctx = ctx
  }

  async run(invocation: Invocation): Promise<RunResult> {
    const { record, slot } = invocation
    try {
      const [instance, credentials] = await Promise.all([
        loadInstance(this.env, this.ctx, record, slot),
        roleCredentials(this.env, settingsOf(this.env), record.configuration),
      ])
      return await this.#call(instance, invocation, credentials)
    } catch (error) {
      return { ran: false, reason: String(error) }
    }
  }

  async #call(
    instance: Instance,
    invocation: Invocation,
    credentials: CredentialVariables,
  ): Promise<RunResult> {
    const { record, requestId, attempt, payload } = invocation
    const loadingMark = randomMark()
    const name = { requestId, attempt, loadingMark }
    const startedAtMilliseconds = Date.now()
    const deadlineMilliseconds = startedAtMilliseconds + record.configuration.Timeout * 1000
    const outcome =
      instance.brokenBy ??
      (await this.#outcome(instance, callUrl(name), record.configuration.Timeout, {
        ...describeFunction(settingsOf(this.env), record, instance, credentials),
        requestId,
        loadingMark,
        event: payload,
        deadlineMilliseconds,
        busyUntilMilliseconds: deadlineMilliseconds + BUSY_MARGIN_MILLISECONDS,
      }))
    if (outcome === 'busy') {
      return { ran: false, reason: `Instance ${instance.id} is busy`, isBusy: true }
    }
    if (outcome.kind !== 'succeeded') {
      this.#report(instance, name, {
        logStreamName: instance.logStreamName,
        requestId,
        loadingMark,
        startedAtMilliseconds,
        endedAtMilliseconds: Date.now(),
        memorySizeMegabytes: record.configuration.MemorySize,
        outcome,
      })
    }
    return { ran: true, outcome, instance: instance.logStreamName }
  }

  /** For the log of a call that did not go well; of others the tail knows enough. */
  #report(instance: Instance, name: CallName, report: CallReport): void {
    const logGroup = this.env.LOG_GROUPS.getByName(instance.logGroupName)
    const hasOutput = instance.brokenBy === undefined
    // The outcome need not wait for the log, and goes first; this context has to wait.
    this.ctx.waitUntil(
      scheduler
        .wait(0)
        .then(() =>
          hasOutput ? logGroup.report(callIdOf(name), report) : logGroup.write(report, NO_OUTPUT),
        ),
    )
  }

  /** Sends the event to the instance; only an aborted signal really stops a function. */
  async #outcome(
    instance: Instance,
    url: string,
    timeoutSeconds: number,
    call: SandboxCall,
  ): Promise<Outcome | 'busy'> {
    const { signal, lift } = timeLimit(timeoutSeconds * 1000)
    try {
      const body = JSON.stringify(call)
      const response = await instance.fetcher.fetch(url, { method: 'POST', body, signal })
      return await readOutcome(response)
    } catch (error) {
      const outcome = signal.aborted ? timedOut(timeoutSeconds) : outcomeOf(error, timeoutSeconds)
      if (outcome === undefined) {
        distrustInstance(instance)
        throw error
      }
      // Whatever ended the call from outside, the instance did not see it end. If it cannot be
      // told, it answers busy until the call's deadline and then starts afresh by itself.
      await instance.fetcher
        .fetch(url, { method: 'DELETE', signal: AbortSignal.timeout(1000) })
        .then(discardBody)
        .catch(() => distrustInstance(instance))
      return outcome
    } finally {
      lift()
    }
  }
}
