import type { Interpose } from '../../src/platform/in-process/hosted-actors.ts'
import type { Random } from '../support/random.ts'

/** A call that stalls fails after this, as a platform would end it. */
const STALL_MILLISECONDS = 60_000

interface Stalled {
  untilMilliseconds: number
  end(): void
}

/**
 * Makes calls of ports go wrong, by seed: fail before they did anything or after they did it, be
 * done twice, be answered late, or stall.
 */
export function disturbance(random: Random, now: () => number, odds: number) {
  const stalled: Stalled[] = []
  const counts = { failed: 0, lost: 0, twice: 0, late: 0, stalled: 0 }
  let isOn = true

  const stall = () =>
    new Promise<void>((end) => stalled.push({ untilMilliseconds: now() + STALL_MILLISECONDS, end }))

  async function disturbed(call: () => Promise<unknown>, what: string): Promise<unknown> {
    if (!isOn || !random.chance(odds)) return call()
    switch (random.pick(['failed', 'lost', 'twice', 'late', 'stalled'] as const)) {
      case 'failed':
        counts.failed += 1
        throw new Error(`${what} failed`)
      case 'lost':
        counts.lost += 1
        await call()
        throw new Error(`the answer of ${what} was lost`)
      case 'twice': {
        counts.twice += 1
        const first = await call()
        await call()
        return first
      }
      case 'late': {
        counts.late += 1
        const answer = await call()
        for (let turns = random.below(20); turns > 0; turns -= 1) {
          await new Promise((resolve) => setImmediate(resolve))
        }
        return answer
      }
      case 'stalled':
        counts.stalled += 1
        if (random.chance(0.5)) await call()
        await stall()
        throw new Error(`${what} stalled`)
    }
  }

  // A stream can be read once, so what takes one is never done twice.
  const ONCE = new Set(['code.put'])

  const disturb: Interpose = (name, port) =>
    new Proxy(port, {
      get(target, method) {
        const value: unknown = Reflect.get(target, method)
        if (typeof value !== 'function' || method === 'list') return value
        const what = `${name}.${String(method)}`
        return (...args: unknown[]) => {
          let calls = 0
          let answer: unknown
          const call = () => {
            calls += 1
            if (calls === 1 || !ONCE.has(what)) answer = Reflect.apply(value, target, args)
            return Promise.resolve(answer)
          }
          return disturbed(call, what)
        }
      },
    })

  return {
    disturb,
    counts,
    /** From now on nothing goes wrong any more. */
    calm() {
      isOn = false
    },
    /** From now on it does. */
    rage() {
      isOn = true
    },
    /** Ends what stalled for long enough. */
    endStalled() {
      for (const one of stalled.filter(({ untilMilliseconds }) => untilMilliseconds <= now())) {
        stalled.splice(stalled.indexOf(one), 1)
        one.end()
      }
    },
  }
}
