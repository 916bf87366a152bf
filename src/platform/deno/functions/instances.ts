import type { FunctionProcess } from './function-process.ts'

/** A copy of a function: a process that has its package, and takes one event at a time. */
export interface Instance {
  key: string
  process: FunctionProcess
  isBusy: boolean
  /** When its last call ended. */
  idleSinceMilliseconds: number
}

interface Options {
  /** How many there may be, of all functions together. */
  maxInstances: number
  now: () => number
}

const IDLE_MILLISECONDS = 10 * 60 * 1000
const ROOM_LIMIT_MILLISECONDS = 20_000

/** Which function's instances there are; who waits for room; who has been idle for too long. */
export class Instances {
  readonly #options: Options
  readonly #instances = new Map<string, Instance>()
  /** Keys of those that are being made. */
  readonly #starting = new Set<string>()
  readonly #waiting: (() => void)[] = []

  constructor(options: Options) {
    this.#options = options
  }

  /**
   * The instance of this key, made by `start` if there is none. It is the caller's until `release`.
   * `undefined` when it is somebody else's. Rejects when there is no room, or what `start` rejects.
   */
  async take(key: string, start: () => Promise<FunctionProcess>): Promise<Instance | undefined> {
    if (this.#starting.has(key)) return undefined
    const known = this.#instances.get(key)
    if (known?.isBusy === true) return undefined
    if (known !== undefined && !known.process.isOver) {
      known.isBusy = true
      return known
    }
    this.#instances.delete(key)
    this.#starting.add(key)
    try {
      await this.#room()
      const process = await start()
      const instance = { key, process, isBusy: true, idleSinceMilliseconds: 0 }
      this.#instances.set(key, instance)
      return instance
    } finally {
      this.#starting.delete(key)
      this.#wakeNext()
    }
  }

  release(instance: Instance): void {
    instance.isBusy = false
    instance.idleSinceMilliseconds = this.#options.now()
    if (instance.process.isOver) this.#forget(instance)
    this.#wakeNext()
  }

  busy(): Instance[] {
    return Array.from(this.#instances.values()).filter(({ isBusy }) => isBusy)
  }

  /** Ends those that nobody has called for a while. */
  reap(): void {
    const before = this.#options.now() - IDLE_MILLISECONDS
    for (const instance of this.#idle()) {
      if (instance.idleSinceMilliseconds < before || instance.process.isOver) this.#end(instance)
    }
  }

  /** Waits until one more may be made; one that is idle makes room. */
  async #room(): Promise<void> {
    const giveUpAt = performance.now() + ROOM_LIMIT_MILLISECONDS
    while (this.#instances.size + this.#starting.size > this.#options.maxInstances) {
      const [idlest] = this.#idle()
      if (idlest !== undefined) {
        this.#end(idlest)
        continue
      }
      const left = giveUpAt - performance.now()
      if (left <= 0) throw new Error('All processes that there may be are busy')
      await this.#turn(left)
    }
  }

  async #turn(limitMilliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const wake = () => resolve(undefined)
    this.#waiting.push(wake)
    const tooLate = setTimeout(wake, limitMilliseconds)
    await promise
    clearTimeout(tooLate)
    const at = this.#waiting.indexOf(wake)
    if (at !== -1) this.#waiting.splice(at, 1)
  }

  #wakeNext(): void {
    this.#waiting.shift()?.()
  }

  /** Those that could go, the one that was called longest ago first. */
  #idle(): Instance[] {
    const idle = Array.from(this.#instances.values()).filter(({ isBusy }) => !isBusy)
    return idle.sort((a, b) => a.idleSinceMilliseconds - b.idleSinceMilliseconds)
  }

  #end(instance: Instance): void {
    instance.process.kill()
    this.#forget(instance)
  }

  #forget(instance: Instance): void {
    if (this.#instances.get(instance.key) === instance) this.#instances.delete(instance.key)
  }
}
