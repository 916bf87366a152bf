import { expect, test } from 'vitest'
import { ProcessUsage } from '../../../src/platform/deno/functions/process-usage.ts'

/** A process that holds `megabytes`, and a clock that stands still unless it is moved. */
function watched() {
  const state = { nowMilliseconds: 0, megabytes: 40, looks: 0 }
  const usage = new ProcessUsage({
    pid: 1,
    now: () => state.nowMilliseconds,
    shell: {
      usage: () => {
        state.looks++
        return Promise.resolve({ privateMegabytes: state.megabytes, cpuMilliseconds: 0 })
      },
    },
    priorities: { makeWay: () => undefined, takeTurnAgain: () => undefined },
  })
  return { state, usage }
}

test('What was seen in the midst of a call does not stand for its end', async () => {
  const { state, usage } = watched()
  expect(await usage.megabytes()).toBe(1)
  state.nowMilliseconds = 50
  usage.callBegins()
  state.megabytes = 70
  expect(await usage.megabytes()).toBe(30)
  state.nowMilliseconds = 60
  state.megabytes = 97
  expect(await usage.megabytesAfterCall()).toBe(57)
})

test('Of many short calls not each is looked at', async () => {
  const { state, usage } = watched()
  await usage.megabytes()
  for (let call = 0; call < 50; call++) {
    state.nowMilliseconds += 1
    usage.callBegins()
    await usage.megabytesAfterCall()
  }
  expect(state.looks).toBe(3)
})
