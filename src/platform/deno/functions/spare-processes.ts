import type { FunctionProcess } from './function-process.ts'

type Start = (memorySizeMegabytes: number) => Promise<FunctionProcess>

/**
 * Processes that wait for a function, so that its first call need not wait for them. Whichever size
 * was taken is kept ready for the next.
 */
export class SpareProcesses {
  readonly #start: Start
  readonly #count: number
  /** The oldest first. */
  #spares: { memorySizeMegabytes: number; process: Promise<FunctionProcess | undefined> }[] = []

  constructor(start: Start, count: number) {
    this.#start = start
    this.#count = count
  }

  /** Starts one spare more, in place of the oldest when there are enough. */
  add(memorySizeMegabytes: number): void {
    if (this.#count === 0) return
    const process = this.#start(memorySizeMegabytes).catch(() => undefined)
    this.#spares.push({ memorySizeMegabytes, process })
    if (this.#spares.length <= this.#count) return
    const oldest = this.#spares.shift()
    void oldest?.process.then((one) => one?.kill())
  }

  /** One that is ready, or that is started now. */
  async take(memorySizeMegabytes: number): Promise<FunctionProcess> {
    const at = this.#spares.findIndex((spare) => spare.memorySizeMegabytes === memorySizeMegabytes)
    const [spare] = at === -1 ? [] : this.#spares.splice(at, 1)
    const ready = await spare?.process
    return ready === undefined || ready.isOver ? this.#start(memorySizeMegabytes) : ready
  }
}
