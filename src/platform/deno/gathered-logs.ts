import { setTimeout as wait } from 'node:timers/promises'
import { logFault } from '../../aws/log-fault.ts'
import type { LogEntry, LogPart } from '../../ports/log-groups.ts'
import type { CallLogStore } from './functions/call-logs.ts'

interface Time {
  now: () => number
  wait: (milliseconds: number) => Promise<void>
}

interface WaitingPart {
  logStreamName: string
  entries: LogEntry[]
  onStored: () => void
}

const SYSTEM_TIME: Time = {
  now: () => performance.now(),
  wait: (milliseconds) => wait(milliseconds),
}

/** A write of many calls' lines costs little more than that of one. */
const PAUSE_MILLISECONDS = 10
/**
 * What is stored in one go. Ten thousand lines, as one call may print, kept everybody waiting; and
 * where the next came at once, each step of another event waited for some.
 */
const LINES_AT_ONCE = 200
/** So many times as long as it took all others have before the next. */
const RESTS = 3
/** One call's. Without bound, functions that print much had the gateway grow to 2 GB in a minute. */
const MAX_WAITING_LINES = 10_000

/**
 * Has lines of calls that end soon after each other stored together, those of a stream in the order
 * in which they were appended. Log groups take turns, so that none waits for all of another's.
 */
export class GatheredLogs implements CallLogStore {
  /** `store` does so at once, all or none. */
  readonly #store: (logGroupName: string, parts: LogPart[]) => void
  readonly #time: Time
  /** By log group. */
  readonly #waiting = new Map<string, WaitingPart[]>()
  #waitingLines = 0
  #storing: Promise<void> | undefined
  #rests = RESTS

  constructor(store: (logGroupName: string, parts: LogPart[]) => void, time = SYSTEM_TIME) {
    this.#store = store
    this.#time = time
  }

  append(logGroupName: string, { logStreamName, entries }: LogPart): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const part = { logStreamName, entries, onStored: () => resolve(undefined) }
    const waiting = this.#waiting.get(logGroupName)
    if (waiting === undefined) this.#waiting.set(logGroupName, [part])
    else waiting.push(part)
    this.#waitingLines += entries.length
    this.#storing ??= this.#storeAll()
    return promise
  }

  isBehind(logGroupName: string): boolean {
    if (this.#waitingLines <= MAX_WAITING_LINES) return false
    // Who prints little does not wait for who prints much.
    const waiting = this.#waiting.get(logGroupName) ?? []
    return waiting.reduce((sum, { entries }) => sum + entries.length, 0) > LINES_AT_ONCE
  }

  /** From now on others need no rests: the gateway ends. */
  hurry(): void {
    this.#rests = 0
  }

  /** Resolves when all that was appended is stored, or could not be. */
  written(): Promise<void> {
    return this.#storing ?? Promise.resolve()
  }

  /** Cannot reject. */
  async #storeAll(): Promise<void> {
    let pauseMilliseconds = PAUSE_MILLISECONDS
    do {
      await this.#time.wait(pauseMilliseconds)
      pauseMilliseconds = await this.#storeOfEach()
    } while (this.#waiting.size > 0)
    this.#storing = undefined
  }

  /** Stores some lines of each group. Answers how long to wait before the next. */
  async #storeOfEach(): Promise<number> {
    let restMilliseconds = 0
    for (const [logGroupName, parts] of Array.from(this.#waiting)) {
      if (restMilliseconds > 0) await this.#time.wait(restMilliseconds)
      const startedAt = this.#time.now()
      this.#storeSome(logGroupName, parts)
      restMilliseconds = this.#rests * (this.#time.now() - startedAt)
      if (parts.length === 0) this.#waiting.delete(logGroupName)
    }
    return restMilliseconds
  }

  #storeSome(logGroupName: string, waiting: WaitingPart[]): void {
    const some = firstLines(waiting)
    try {
      if (some.length > 0) this.#store(logGroupName, some)
    } catch (error) {
      logFault('lines not stored', { logGroupName }, error)
    }
    for (const { entries } of some) this.#waitingLines -= entries.length
    while (waiting[0]?.entries.length === 0) waiting.shift()?.onStored()
  }
}

/** Takes away so many as are stored at once. */
function firstLines(waiting: readonly WaitingPart[]): LogPart[] {
  const some: LogPart[] = []
  let room = LINES_AT_ONCE
  for (const part of waiting) {
    if (room === 0) break
    const entries = part.entries.slice(0, room)
    part.entries = part.entries.slice(entries.length)
    room -= entries.length
    if (entries.length > 0) some.push({ logStreamName: part.logStreamName, entries })
  }
  return some
}
