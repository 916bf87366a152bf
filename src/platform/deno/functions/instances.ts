import type { FunctionProcess } from './function-process.ts'
import { endsSoon, newInstance, type Instance } from './instance.ts'
import { Wishes, type Wish } from './wishes.ts'

interface Options {
  /** How many there may be, of all functions together. */
  maxInstances: number
  /** So many are made at a time: more would only be ready later. */
  cores: number
  now: () => number
}

const IDLE_MILLISECONDS = 10 * 60 * 1000
/** So long a call waits for short ones to end before another instance is made for it. */
const PATIENCE_MILLISECONDS = 250
const LOOK_AGAIN_MILLISECONDS = 25
/**
 * So many processes keep a core busy with short calls, what is between two calls included. At full
 * load on two cores one event of a hundred waited 0.13 to 0.34 s for one of four, 0.02 to 0.09 s for
 * one of six, and with twenty a call cost three times what it does with five.
 */
const INSTANCES_PER_CORE = 3

/**
 * Which functions' instances there are, and who waits for one. A call takes the one that was used
 * last, else the first that is free or is made for it. Where calls are short it is most often sooner
 * to wait for one of those to end: to start a process takes the time of a thousand such calls from
 * one of the cores (65 to 110 ms, measured), so a burst of them would be late for its own processes.
 */
export class Instances {
  readonly #options: Options
  readonly #instances = new Set<Instance>()
  readonly #wishes = new Wishes()
  /** For whom instances are being made. */
  readonly #starting: Wish[] = []
  #startingLater: ReturnType<typeof setTimeout> | undefined

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
      this.#lend(idle)
      return Promise.resolve(idle)
    }
    const granted = this.#wishes.add(configurationId, start, this.#options.now())
    this.#startMore()
    return granted
  }

  release(instance: Instance): void {
    const now = this.#options.now()
    instance.isBusy = false
    instance.idleSinceMilliseconds = now
    // Where somebody takes it, all others wait as they did.
    if (!this.#offer(instance)) this.#startMore()
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

  /** Whether somebody waited for it. */
  #offer(instance: Instance): boolean {
    if (instance.process.isOver) this.#instances.delete(instance)
    else if (this.#wishes.grant(instance)) {
      this.#lend(instance)
      return true
    }
    return false
  }

  #lend(instance: Instance): void {
    instance.isBusy = true
    instance.takenAtMilliseconds = this.#options.now()
  }

  readonly #isPatient = ({ configurationId, sinceMilliseconds }: Wish): boolean => {
    const now = this.#options.now()
    if (now - sinceMilliseconds >= PATIENCE_MILLISECONDS) return false
    const isOfFunction = (one: { configurationId: string }) =>
      one.configurationId === configurationId
    const soon = Array.from(this.#instances).filter(
      (one) => isOfFunction(one) && endsSoon(one, now),
    )
    const enough = INSTANCES_PER_CORE * this.#options.cores
    return soon.length + this.#starting.filter(isOfFunction).length >= enough
  }

  /** Looks again whether who waits has waited long enough. */
  #startMoreLater(): void {
    this.#startingLater ??= setTimeout(() => {
      this.#startingLater = undefined
      this.#startMore()
    }, LOOK_AGAIN_MILLISECONDS)
  }

  #startMore(): void {
    while (this.#starting.length < this.#options.cores) {
      const counted = [...this.#instances, ...this.#starting]
      const wish = this.#wishes.next(counted, this.#starting, this.#isPatient)
      if (wish === undefined || !this.#hasRoom()) break
      this.#starting.push(wish)
      void this.#start(wish)
    }
    if (this.#wishes.size > 0) this.#startMoreLater()
  }

  /** Cannot reject. */
  async #start(wish: Wish): Promise<void> {
    const { configurationId } = wish
    try {
      const process = await wish.start()
      const instance = newInstance(configurationId, this.#freeNumber(configurationId), process)
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
