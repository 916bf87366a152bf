import type { FunctionProcess } from './function-process.ts'
import { Wishes, type Wish } from './wishes.ts'

/** A copy of a function: a process that has its package, and takes one event at a time. */
export interface Instance {
  /** Of the function as it is now: all of its instances are alike. */
  configurationId: string
  /** The first that no other instance of it has. */
  number: number
  process: FunctionProcess
  isBusy: boolean
  /** When its last call ended. */
  idleSinceMilliseconds: number
}

interface Options {
  /** How many there may be, of all functions together. */
  maxInstances: number
  /** How many are made at a time: more than there are cores would only be ready later. */
  maxStarting: number
  now: () => number
}

const IDLE_MILLISECONDS = 10 * 60 * 1000

/**
 * Which functions' instances there are, and who waits for one. A call takes the one that was used
 * last, else the first that is free or is made for it: so of many short events at the same time
 * most run in instances that are warm.
 */
export class Instances {
  readonly #options: Options
  readonly #instances = new Set<Instance>()
  readonly #wishes = new Wishes()
  /** For whom instances are being made. */
  readonly #starting: Wish[] = []

  constructor(options: Options) {
    this.#options = options
  }

  /**
   * An instance of a function, made by `start` if that is sooner than waiting for another. It is the
   * caller's until `release`. Rejects when there is none for too long, or what `start` rejects.
   */
  take(configurationId: string, start: () => Promise<FunctionProcess>): Promise<Instance> {
    const idle = this.#lastUsed(configurationId)
    if (idle !== undefined) {
      idle.isBusy = true
      return Promise.resolve(idle)
    }
    const granted = this.#wishes.add(configurationId, start)
    this.#startMore()
    return granted
  }

  release(instance: Instance): void {
    instance.isBusy = false
    instance.idleSinceMilliseconds = this.#options.now()
    this.#offer(instance)
    this.#startMore()
  }

  awake(): Instance[] {
    return Array.from(this.#instances).filter(({ process }) => process.isAwake)
  }

  /** Ends those that nobody has called for a while. */
  reap(): void {
    const before = this.#options.now() - IDLE_MILLISECONDS
    for (const instance of this.#idle()) {
      if (instance.idleSinceMilliseconds < before) this.#end(instance)
    }
  }

  #offer(instance: Instance): void {
    if (instance.process.isOver) this.#instances.delete(instance)
    else if (this.#wishes.grant(instance)) instance.isBusy = true
  }

  #startMore(): void {
    while (this.#starting.length < this.#options.maxStarting) {
      const counted = [...this.#instances, ...this.#starting]
      const wish = this.#wishes.next(counted, this.#starting)
      if (wish === undefined || !this.#hasRoom()) return
      this.#starting.push(wish)
      void this.#start(wish)
    }
  }

  /** Cannot reject. */
  async #start(wish: Wish): Promise<void> {
    const { configurationId } = wish
    try {
      const process = await wish.start()
      const number = this.#freeNumber(configurationId)
      const instance = { configurationId, number, process, isBusy: false, idleSinceMilliseconds: 0 }
      this.#instances.add(instance)
      this.#offer(instance)
    } catch (error) {
      this.#wishes.refuse(wish, error)
    }
    this.#starting.splice(this.#starting.indexOf(wish), 1)
    this.#startMore()
  }

  /** One that is idle makes room. */
  #hasRoom(): boolean {
    if (this.#instances.size + this.#starting.length < this.#options.maxInstances) return true
    const [idlest] = this.#idle()
    if (idlest === undefined) return false
    this.#end(idlest)
    return true
  }

  #freeNumber(configurationId: string): number {
    const taken = new Set<number>()
    for (const one of this.#instances) {
      if (one.configurationId === configurationId) taken.add(one.number)
    }
    let number = 0
    while (taken.has(number)) number++
    return number
  }

  #lastUsed(configurationId: string): Instance | undefined {
    let last: Instance | undefined
    for (const one of this.#instances) {
      if (one.configurationId !== configurationId || one.isBusy || one.process.isOver) continue
      if (one.idleSinceMilliseconds >= (last?.idleSinceMilliseconds ?? 0)) last = one
    }
    return last
  }

  /** Those that could go, the one that was called longest ago first; forgets those that have ended. */
  #idle(): Instance[] {
    const idle: Instance[] = []
    for (const instance of this.#instances) {
      if (instance.isBusy) continue
      if (instance.process.isOver) this.#instances.delete(instance)
      else idle.push(instance)
    }
    return idle.sort((a, b) => a.idleSinceMilliseconds - b.idleSinceMilliseconds)
  }

  #end(instance: Instance): void {
    instance.process.kill()
    this.#instances.delete(instance)
  }
}
