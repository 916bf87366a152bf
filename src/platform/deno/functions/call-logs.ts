import type { LogEntry, LogPart } from '../../../ports/log-groups.ts'
import type { LogPlace } from '../../../runtime/sandbox-call.ts'

/** Where the lines of calls are stored. */
export interface CallLogStore {
  /** Takes lines over at once, in the order of the calls; resolves when they are stored, or could not be. */
  append(logGroupName: string, part: LogPart): Promise<void>
  /** Whether so many lines are still to be stored, of this group too, that no more should come. */
  isBehind(logGroupName: string): boolean
}

/** Has the lines of calls written, those of a stream in the order in which its calls ended. */
export class CallLogs {
  readonly #store: CallLogStore
  /** The last lines of each stream that are still to be handed over. */
  readonly #handedOver = new Map<string, Promise<void>>()
  readonly #unwritten = new Set<Promise<void>>()

  constructor(store: CallLogStore) {
    this.#store = store
  }

  isBehind({ logGroupName }: LogPlace): boolean {
    return this.#store.isBehind(logGroupName)
  }

  /** `lines` need not be known yet. Resolves when they are written, or could not be. */
  write(place: LogPlace, lines: Promise<LogEntry[]>): Promise<void> {
    const { logStreamName } = place
    const before = this.#handedOver.get(logStreamName)
    const { promise: handedOver, resolve } = Promise.withResolvers<undefined>()
    this.#handedOver.set(logStreamName, handedOver)
    const written = this.#write(place, lines, before, () => {
      if (this.#handedOver.get(logStreamName) === handedOver) this.#handedOver.delete(logStreamName)
      resolve(undefined)
    }).then(() => {
      this.#unwritten.delete(written)
    })
    this.#unwritten.add(written)
    return written
  }

  /** Resolves when all that there was to write is written. */
  async close(): Promise<void> {
    await Promise.all(this.#unwritten)
  }

  /** Cannot reject: a log must not decide what becomes of an event. */
  async #write(
    { logGroupName, logStreamName }: LogPlace,
    lines: Promise<LogEntry[]>,
    before: Promise<void> | undefined,
    onHandedOver: () => void,
  ): Promise<void> {
    const entries = await lines.catch(() => [])
    await before
    const written = this.#store.append(logGroupName, { logStreamName, entries })
    onHandedOver()
    await written.catch(() => undefined)
  }
}
