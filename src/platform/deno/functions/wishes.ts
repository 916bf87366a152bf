import type { FunctionProcess } from './function-process.ts'
import type { Instance } from './instance.ts'

/** A call that waits for an instance of its function. */
export interface Wish {
  configurationId: string
  sinceMilliseconds: number
  start: () => Promise<FunctionProcess>
  grant: (instance: Instance) => void
  refuse: (error: unknown) => void
}

/** Less than what a lease leaves for it. */
const LONGEST_MILLISECONDS = 20_000

/** Who waits for an instance, in the order in which they came. */
export class Wishes {
  readonly #wishes = new Set<Wish>()

  /** Rejects when the wish is refused, or nobody grants it in time. */
  async add(
    configurationId: string,
    start: Wish['start'],
    sinceMilliseconds: number,
  ): Promise<Instance> {
    const { promise, resolve, reject } = Promise.withResolvers<Instance>()
    const wish = { configurationId, sinceMilliseconds, start, grant: resolve, refuse: reject }
    this.#wishes.add(wish)
    const tooLate = setTimeout(() => {
      this.refuse(wish, new Error('All processes that there may be are busy'))
    }, LONGEST_MILLISECONDS)
    return promise.finally(() => clearTimeout(tooLate))
  }

  get size(): number {
    return this.#wishes.size
  }

  /** Gives the instance to who has waited for one of its function longest; whether anybody has. */
  grant(instance: Instance): boolean {
    for (const wish of this.#wishes) {
      if (wish.configurationId !== instance.configurationId) continue
      this.#wishes.delete(wish)
      wish.grant(instance)
      return true
    }
    return false
  }

  /** Tells who waits that there will be no instance. Nothing, where he has one already. */
  refuse(wish: Wish, error: unknown): void {
    if (this.#wishes.delete(wish)) wish.refuse(error)
  }

  /**
   * For whom the next instance is made, if for anybody: who waits longest of the function that has
   * the fewest of all that are `counted`. One that is `starting` is for somebody already, and who
   * `isPatient` goes on waiting, as do those of his function who came later.
   */
  next(
    counted: readonly { configurationId: string }[],
    starting: readonly { configurationId: string }[],
    isPatient: (wish: Wish) => boolean,
  ): Wish | undefined {
    const has = countsOf(counted)
    const awaited = countsOf(starting)
    const patient = new Set<string>()
    let next: Wish | undefined
    for (const wish of this.#wishes) {
      const left = awaited.get(wish.configurationId) ?? 0
      if (left > 0) {
        awaited.set(wish.configurationId, left - 1)
        continue
      }
      if (patient.has(wish.configurationId)) continue
      if (isPatient(wish)) {
        patient.add(wish.configurationId)
        continue
      }
      const fewest = next === undefined ? Infinity : (has.get(next.configurationId) ?? 0)
      if ((has.get(wish.configurationId) ?? 0) < fewest) next = wish
    }
    return next
  }
}

function countsOf(list: readonly { configurationId: string }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { configurationId } of list) {
    counts.set(configurationId, (counts.get(configurationId) ?? 0) + 1)
  }
  return counts
}
