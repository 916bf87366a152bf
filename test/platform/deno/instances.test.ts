import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FunctionProcess } from '../../../src/platform/deno/functions/function-process.ts'
import type { Instance } from '../../../src/platform/deno/functions/instance.ts'
import { Instances } from '../../../src/platform/deno/functions/instances.ts'

const CORES = 2
const START_MILLISECONDS = 50

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

/** Calls of one function at the same time, each of which takes so long. */
function burst(calls: number, takesMilliseconds: number) {
  const instances = new Instances({ maxInstances: 64, cores: CORES, now: () => Date.now() })
  const seen = { started: 0, ended: 0 }

  async function start(): Promise<FunctionProcess> {
    seen.started++
    await new Promise((resolve) => setTimeout(resolve, START_MILLISECONDS))
    return { isOver: false } as FunctionProcess
  }

  async function call(): Promise<void> {
    const instance: Instance = await instances.take('f', start)
    await new Promise((resolve) => setTimeout(resolve, takesMilliseconds))
    seen.ended++
    instances.release(instance)
  }

  for (let n = 0; n < calls; n++) void call()
  return seen
}

describe('Calls at the same time', () => {
  test('that are short share two instances for each core', async () => {
    const seen = burst(40, 5)
    await vi.advanceTimersByTimeAsync(2 * START_MILLISECONDS + 10 * 5)
    expect(seen).toEqual({ started: 2 * CORES, ended: 40 })
  })

  test('get an instance each when they are not short', async () => {
    const seen = burst(10, 10_000)
    // As many at a time as there are cores.
    await vi.advanceTimersByTimeAsync((10 / CORES) * START_MILLISECONDS + 25)
    expect(seen).toEqual({ started: 10, ended: 0 })
  })

  test('get more of them when too many wait for short ones', async () => {
    const seen = burst(200, 20)
    await vi.advanceTimersByTimeAsync(249)
    expect(seen.started).toBe(2 * CORES)
    await vi.advanceTimersByTimeAsync(26)
    expect(seen.started).toBe(3 * CORES)
  })
})
