import type { Settings } from '../../../aws/settings.ts'
import type { Invocation, Outcome, RunResult } from '../../../ports/function-runner.ts'
import type { LogEntry } from '../../../ports/log-groups.ts'
import { callLines, type CallReport } from '../../../runtime/call-log.ts'
import type { CredentialVariables } from '../../../runtime/role-credentials.ts'
import { describeFunction, randomMark, type LogPlace } from '../../../runtime/sandbox-call.ts'
import { exited, outcomeOfAnswer, timedOut } from '../../../runtime/sandbox-outcome.ts'
import type { SandboxCall } from '../../../runtime/sandbox/protocol.ts'
import type { FinishedCall, FunctionProcess } from './function-process.ts'
import type { Instance, Instances } from './instances.ts'

interface Options {
  settings: Settings
  now: () => number
  appendLog: (
    logGroupName: string,
    logStreamName: string,
    entries: LogEntry[],
  ) => void | Promise<void>
  instances: Instances
}

/** Runs calls in instances, sees that they keep to Timeout and MemorySize, and writes their logs. */
export class FunctionCalls {
  readonly #options: Options
  /** The last write of each log stream. */
  readonly #writes = new Map<string, Promise<void>>()
  #watching: ReturnType<typeof setInterval> | undefined

  constructor(options: Options) {
    this.#options = options
  }

  /** The instance has been taken for this call, and is given back here. */
  async run(
    instance: Instance,
    place: LogPlace,
    invocation: Invocation,
    credentials: CredentialVariables,
  ): Promise<RunResult> {
    const { settings, now, instances } = this.#options
    const { record, requestId, payload } = invocation
    const { Timeout, MemorySize } = record.configuration
    const loadingMark = randomMark()
    const startedAtMilliseconds = now()
    const deadlineMilliseconds = startedAtMilliseconds + Timeout * 1000
    const call: SandboxCall = {
      ...describeFunction(settings, record, place, credentials),
      requestId,
      loadingMark,
      event: payload,
      deadlineMilliseconds,
      busyUntilMilliseconds: deadlineMilliseconds,
    }
    this.#watchMemory()
    const { process } = instance
    const finished = process.call(JSON.stringify(call))
    const outcome = await this.#outcome(instance, finished, Timeout)
    instances.release(instance)
    const report: CallReport = {
      logStreamName: place.logStreamName,
      requestId,
      loadingMark,
      startedAtMilliseconds,
      endedAtMilliseconds: now(),
      memorySizeMegabytes: MemorySize,
      outcome,
    }
    // The outcome need not wait for the log, and goes first.
    this.#write(place, async () => {
      await new Promise((resolve) => setImmediate(resolve))
      const { output } = await finished
      const memoryUsedMegabytes = await process.megabytesAfterCall()
      return callLines({ ...report, memoryUsedMegabytes }, output)
    })
    return { ran: true, outcome, instance: place.logStreamName }
  }

  /** Resolves when all that there was to write is written. */
  async close(): Promise<void> {
    clearInterval(this.#watching)
    await Promise.all(this.#writes.values())
  }

  async #outcome(
    { process }: Instance,
    finished: Promise<FinishedCall>,
    timeoutSeconds: number,
  ): Promise<Outcome> {
    const { promise: tooLate, resolve } = Promise.withResolvers<undefined>()
    const timer = setTimeout(() => {
      process.kill()
      resolve(undefined)
    }, timeoutSeconds * 1000)
    const first = await Promise.race([finished, tooLate])
    clearTimeout(timer)
    if (first === undefined) return timedOut(timeoutSeconds)
    const outcome = first.answer === undefined ? exited() : outcomeOfAnswer(first.answer)
    // The sandbox of a process is never asked when it is busy.
    return outcome === 'busy' ? exited() : outcome
  }

  #write({ logGroupName, logStreamName }: LogPlace, lines: () => Promise<LogEntry[]>): void {
    const before = this.#writes.get(logStreamName) ?? Promise.resolve()
    const write = async () => {
      const entries = await lines()
      await before
      await this.#options.appendLog(logGroupName, logStreamName, entries)
    }
    const written = write()
      // A log must not decide what becomes of an event.
      .catch(() => undefined)
      .then(() => {
        if (this.#writes.get(logStreamName) === written) this.#writes.delete(logStreamName)
      })
    this.#writes.set(logStreamName, written)
  }

  async #keepWithinMemory(process: FunctionProcess): Promise<void> {
    const megabytes = await process.megabytes()
    if (megabytes > process.memorySizeMegabytes + ALLOWANCE_MEGABYTES) process.kill()
  }

  #watchMemory(): void {
    this.#watching ??= setInterval(() => {
      // Not the busy ones only: a function can forge the end of its call, and go on.
      const awake = this.#options.instances.awake()
      for (const { process } of awake) void this.#keepWithinMemory(process)
      if (awake.length > 0) return
      clearInterval(this.#watching)
      this.#watching = undefined
    }, MEMORY_WATCH_MILLISECONDS)
  }
}

const MEMORY_WATCH_MILLISECONDS = 50
/**
 * What a process may need besides MemorySize: the parts of Deno and of Node's modules that are
 * loaded only when they are used, and young objects.
 */
const ALLOWANCE_MEGABYTES = 32
