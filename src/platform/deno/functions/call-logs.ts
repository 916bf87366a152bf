import type { LogEntry, LogPart } from '../../../ports/log-groups.ts'
import type { LogPlace } from '../../../runtime/sandbox-call.ts'

/** Takes lines over at once, in the order of the calls; resolves when they are written. */
export type AppendLog = (logGroupName: string, part: LogPart) => Promise<void>

/** Has the lines of calls written, those of a stream in the order in which its calls ended. */
export class CallLogs {
  readonly #append: AppendLog
  /** The last lines of each stream that are still to be handed over. */
  readonly #handedOver = new Map<string, Promise<void>>()
  readonly #unwritten = new Set<Promise<void>>()

  constructor(append: AppendLog) {
    this.#append = append
  }

  /** `lines` need not be known yet. */
  write(place: LogPlace, lines: Promise<LogEntry[]>): void {
    const { logStreamName } = place
    const before = this.#handedOver.get(logStreamName)
    const handedOver = this.#handOver(place, lines, before).then(() => {
      if (this.#handedOver.get(logStreamName) === handedOver) this.#handedOver.delete(logStreamName)
    })
    this.#handedOver.set(logStreamName, handedOver)
  }

  /** Resolves when all that there was to write is written. */
  async close(): Promise<void> {
    await Promise.all(this.#handedOver.values())
    await Promise.all(this.#unwritten)
  }

  /** Cannot reject: a log must not decide what becomes of an event. */
  async #handOver(
    { logGroupName, logStreamName }: LogPlace,
    lines: Promise<LogEntry[]>,
    before: Promise<void> | undefined,
  ): Promise<void> {
    const entries = await lines.catch(() => [])
    await before
    const written = this.#append(logGroupName, { logStreamName, entries })
      .catch(() => undefined)
      .then(() => {
        this.#unwritten.delete(written)
      })
    this.#unwritten.add(written)
  }
}
