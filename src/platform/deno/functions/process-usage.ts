import type { Priorities } from './priorities.ts'
import type { SystemShell } from './system-shell.ts'

/**
 * Of many short calls not each is worth a look, which takes two wake-ups, and of the shell a fifth of
 * a millisecond. Where there was one after a call, the next that looks at all processes needs none.
 */
const LOOK_MILLISECONDS = 45
/** So much of a core a call may have before it makes way for others. */
const BURST_MILLISECONDS = 250

interface Options {
  pid: number
  now: () => number
  shell: Pick<SystemShell, 'usage'>
  priorities: Pick<Priorities, 'makeWay' | 'takeTurnAgain'>
}

/**
 * What a process takes of the machine. One that computes for long makes way for all others: beside
 * functions that never rest, the events of others would wait for the processor at each of their steps.
 */
export class ProcessUsage {
  readonly #options: Options
  #lookedAtMilliseconds = -Infinity
  #lookedAfterCallAtMilliseconds = -Infinity
  #peakMegabytes = 0
  #ownMegabytes: number | undefined
  #cpuMilliseconds = 0
  #cpuBeforeCall = 0
  #makesWay = false

  constructor(options: Options) {
    this.#options = options
  }

  /** A call begins: it may compute for a while like any other. */
  callBegins(): void {
    this.#cpuBeforeCall = this.#cpuMilliseconds
    if (this.#makesWay) this.#options.priorities.takeTurnAgain(this.#options.pid)
    this.#makesWay = false
  }

  /**
   * Looks, unless that was done a moment ago. Resolves with the most memory that it was seen to need
   * so far, in megabytes, besides what it needed at the first look.
   */
  async megabytes(): Promise<number> {
    if (this.#isDue(this.#lookedAtMilliseconds)) await this.#look()
    return this.#neededMegabytes()
  }

  /** The same for a call that is over: what was seen in the midst of it is not what it needed. */
  async megabytesAfterCall(): Promise<number> {
    if (this.#isDue(this.#lookedAfterCallAtMilliseconds)) {
      this.#lookedAfterCallAtMilliseconds = this.#options.now()
      await this.#look()
    }
    return this.#neededMegabytes()
  }

  #isDue(lastMilliseconds: number): boolean {
    return this.#options.now() - lastMilliseconds >= LOOK_MILLISECONDS
  }

  async #look(): Promise<void> {
    const { now, shell, pid } = this.#options
    this.#lookedAtMilliseconds = now()
    const seen = await shell.usage(pid)
    if (seen !== undefined) {
      this.#peakMegabytes = Math.max(this.#peakMegabytes, seen.privateMegabytes)
      this.#noteCpu(seen.cpuMilliseconds)
    }
    this.#ownMegabytes ??= this.#peakMegabytes
  }

  #neededMegabytes(): number {
    return Math.max(Math.ceil(this.#peakMegabytes - (this.#ownMegabytes ?? 0)), 1)
  }

  #noteCpu(milliseconds: number): void {
    this.#cpuMilliseconds = milliseconds
    if (this.#makesWay || milliseconds - this.#cpuBeforeCall < BURST_MILLISECONDS) return
    this.#makesWay = true
    this.#options.priorities.makeWay(this.#options.pid)
  }
}
