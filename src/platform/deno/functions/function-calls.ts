import type { Settings } from '../../../aws/settings.ts'
import type { Invocation, Outcome, RunResult } from '../../../ports/function-runner.ts'
import type { LogEntry } from '../../../ports/log-groups.ts'
import { callLines, type CallReport } from '../../../runtime/call-log.ts'
import type { CredentialVariables } from '../../../runtime/role-credentials.ts'
import { describeFunction, randomMark } from '../../../runtime/sandbox-call.ts'
import { exited, outcomeOfAnswer, timedOut } from '../../../runtime/sandbox-outcome.ts'
import type { ProcessCall } from '../../../runtime/sandbox/process/process-protocol.ts'
import type { CallLogs } from './call-logs.ts'
import type { FinishedCall, FunctionProcess } from './function-process.ts'
import type { Instance } from './instance.ts'
import type { Instances } from './instances.ts'

interface Options {
  settings: Settings
  now: () => number
  logs: CallLogs
  instances: Instances
}

/** Runs calls in instances, sees that they keep to Timeout and MemorySize, and tells their logs. */
export class FunctionCalls {
  readonly #options: Options
  #watching: ReturnType<typeof setInterval> | undefined

  constructor(options: Options) {
    this.#options = options
  }

  /** The instance has been taken for this call, and is given back here. */
  async run(
    instance: Instance,
    invocation: Invocation,
    credentials: CredentialVariables,
  ): Promise<RunResult> {
    const { settings, now, instances, logs } = this.#options
    const { record, requestId, payload } = invocation
    const { FunctionName, Timeout, MemorySize } = record.configuration
    const { process, logStreamName } = instance
    const place = { logGroupName: `/aws/lambda/${FunctionName}`, logStreamName }
    const loadingMark = randomMark()
    const startedAtMilliseconds = now()
    const deadlineMilliseconds = startedAtMilliseconds + Timeout * 1000
    const call: ProcessCall = {
      ...(instance.credentials === credentials
        ? {}
        : { description: describeFunction(settings, record, place, credentials) }),
      requestId,
      loadingMark,
      event: payload,
      deadlineMilliseconds,
      busyUntilMilliseconds: deadlineMilliseconds,
    }
    this.#watch()
    instance.credentials = credentials
    const finished = process.call(JSON.stringify(call))
    const outcome = await this.#outcome(instance, finished, Timeout)
    const report: CallReport = {
      logStreamName,
      requestId,
      loadingMark,
      startedAtMilliseconds,
      endedAtMilliseconds: now(),
      memorySizeMegabytes: MemorySize,
      outcome,
    }
    const written = logs.write(place, linesOf(report, process, finished))
    // Who prints more than can be stored waits for it: in memory it would heap up.
    if (logs.isBehind(place)) void written.then(() => instances.release(instance))
    else instances.release(instance)
    return { ran: true, outcome, instance: logStreamName }
  }

  close(): void {
    clearInterval(this.#watching)
  }

  async #outcome(
    instance: Instance,
    finished: Promise<FinishedCall>,
    timeoutSeconds: number,
  ): Promise<Outcome> {
    const { promise: tooLate, resolve } = Promise.withResolvers<undefined>()
    const timer = setTimeout(() => {
      instance.process.kill()
      resolve(undefined)
    }, timeoutSeconds * 1000)
    const first = await Promise.race([finished, tooLate])
    clearTimeout(timer)
    if (first === undefined) return timedOut(timeoutSeconds)
    if (first.end === undefined) return exited()
    instance.tookMilliseconds = first.end.tookMilliseconds
    const outcome = outcomeOfAnswer(first.end.answer)
    // The sandbox of a process is never asked when it is busy.
    return outcome === 'busy' ? exited() : outcome
  }

  async #keepWithinMemory(process: FunctionProcess): Promise<void> {
    const megabytes = await process.megabytes()
    if (megabytes > process.memorySizeMegabytes + ALLOWANCE_MEGABYTES) process.kill()
  }

  #watch(): void {
    this.#watching ??= setInterval(() => {
      // Not the busy ones only: a function can forge the end of its call, and go on.
      const awake = this.#options.instances.awake()
      for (const { process } of awake) {
        void this.#keepWithinMemory(process)
        process.freezeIfIdle()
      }
      if (awake.length > 0) return
      clearInterval(this.#watching)
      this.#watching = undefined
    }, WATCH_MILLISECONDS)
  }
}

const WATCH_MILLISECONDS = 50
/**
 * What a process may need besides MemorySize: the parts of Deno and of Node's modules that are
 * loaded only when they are used, and young objects.
 */
const ALLOWANCE_MEGABYTES = 32

async function linesOf(
  report: CallReport,
  process: FunctionProcess,
  finished: Promise<FinishedCall>,
): Promise<LogEntry[]> {
  const { output } = await finished
  const memoryUsedMegabytes = await process.megabytesAfterCall()
  return callLines({ ...report, memoryUsedMegabytes }, output)
}
