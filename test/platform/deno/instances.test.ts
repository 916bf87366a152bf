import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FunctionProcess } from '../../../src/platform/deno/functions/function-process.ts'
import type { Instance } from '../../../src/platform/deno/functions/instance.ts'
import { Instances } from '../../../src/platform/deno/functions/instances.ts'

const CORES = 2
const ENOUGH = 3 * CORES
const START_MILLISECONDS = 50

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

/** Calls of one function, each of which takes so long, with what lies between it and the gateway. */
function calls(takesMilliseconds: number) {
  const instances = new Instances({ maxInstances: 64, cores: CORES, now: () => Date.now() })
  const seen = { started: 0, ended: 0 }
  const state = { onTheWayMilliseconds: 0 }

  async function start(): Promise<FunctionProcess> {
    seen.started++
    await wait(START_MILLISECONDS)
    return { isOver: false } as FunctionProcess
  }

  async function call(): Promise<void> {
    const instance: Instance = await instances.take('f', start)
    await wait(takesMilliseconds + state.onTheWayMilliseconds)
    instance.tookMilliseconds = takesMilliseconds
    seen.ended++
    instances.release(instance)
  }

  return {
    seen,
    state,
    begin(count: number) {
      for (let n = 0; n < count; n++) void call()
    },
  }
}

/** So many at the same time. */
function burst(count: number, takesMilliseconds: number) {
  const { seen, begin } = calls(takesMilliseconds)
  begin(count)
  return seen
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

describe('Calls at the same time', () => {
  test('that are short share three instances for each core', async () => {
    const seen = burst(40, 5)
    await vi.advanceTimersByTimeAsync(2 * START_MILLISECONDS + 10 * 5)
    expect(seen).toEqual({ started: ENOUGH, ended: 40 })
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
    expect(seen.started).toBe(ENOUGH)
    await vi.advanceTimersByTimeAsync(26)
    expect(seen.started).toBe(ENOUGH + CORES)
  })

  test('are short however long their ends wait to be read', async () => {
    const { seen, state, begin } = calls(5)
    begin(100)
    await vi.advanceTimersByTimeAsync(1000)
    state.onTheWayMilliseconds = 60
    begin(12)
    await vi.advanceTimersByTimeAsync(200)
    expect(seen).toEqual({ started: ENOUGH, ended: 112 })
  })

  test('that were short may be long once, and are late then', async () => {
    const { seen, state, begin } = calls(5)
    begin(100)
    await vi.advanceTimersByTimeAsync(1000)
    state.onTheWayMilliseconds = 10_000
    begin(ENOUGH + 1)
    await vi.advanceTimersByTimeAsync(100)
    expect(seen.started).toBe(ENOUGH)
    await vi.advanceTimersByTimeAsync(50)
    expect(seen.started).toBe(ENOUGH + 1)
  })
})
