import { expect, test } from 'vitest'
import { ownCallsFirst } from '../../src/platform/cloudflare/own-calls-first.ts'
import { recordOf } from '../contracts/function-store.ts'
import { fakeClock } from '../support/clock.ts'
import { FAULT, SUCCEEDED, scriptedRunner, settled } from '../support/scripted-runner.ts'

const invocation = (requestId: string) => ({
  record: recordOf('f'),
  requestId,
  attempt: 1,
  slot: 0,
  payload: '{}',
})

/** A runner of whose calls eight are its own, and a clock that ends its pauses. */
function tested() {
  const clock = fakeClock()
  const own = scriptedRunner()
  const others = scriptedRunner()
  const pauses: (() => void)[] = []
  const wait = () => new Promise<void>((resolve) => pauses.push(resolve))
  const runner = ownCallsFirst(own.runner, others.runner, { now: clock.now, wait })
  const ids = (script: typeof own) => script.started.map(({ requestId }) => requestId)
  return {
    own,
    others,
    run: (...requestIds: string[]) => requestIds.map((id) => runner.run(invocation(id))),
    runEight: () => Array.from({ length: 8 }, (_, index) => runner.run(invocation(`r${index}`))),
    async pass(milliseconds: number) {
      clock.advance(milliseconds)
      for (const end of pauses.splice(0)) end()
      await settled()
    },
    ownCalls: () => ids(own),
    otherCalls: () => ids(others),
  }
}

test('eight events at a time run in the object itself, those above elsewhere', async () => {
  const { own, others, run, runEight, ownCalls, otherCalls, pass } = tested()
  const [first] = runEight()
  const [ninth] = run('r8', 'r9')
  expect(ownCalls()).toHaveLength(8)
  expect(otherCalls()).toEqual(['r8', 'r9'])
  await pass(100)
  own.finish(SUCCEEDED)
  others.finish(FAULT)
  expect(await first).toEqual(SUCCEEDED)
  expect(await ninth).toEqual(FAULT)
  void run('r10', 'r11')
  expect(ownCalls().at(-1)).toBe('r10')
  expect(otherCalls().at(-1)).toBe('r11')
})

test('where calls are short, one above waits for the next to end', async () => {
  const { own, run, runEight, ownCalls, otherCalls, pass } = tested()
  void runEight()
  await pass(5)
  own.finish(SUCCEEDED)
  await settled()
  void run('r8', 'r9', 'r10')
  expect(ownCalls().at(-1)).toBe('r8')
  own.finish(SUCCEEDED)
  await settled()
  expect(ownCalls().at(-1)).toBe('r9')
  expect(otherCalls()).toEqual([])
})

test('… but no longer than a moment, and the next do not wait in vain', async () => {
  const { own, run, runEight, otherCalls, pass } = tested()
  void runEight()
  own.finish(SUCCEEDED)
  await settled()
  void run('r8', 'r9')
  await pass(20)
  void run('r10')
  expect(otherCalls()).toEqual([])
  await pass(5)
  expect(otherCalls()).toEqual(['r9'])
  void run('r11')
  expect(otherCalls()).toEqual(['r9', 'r11'])
  await pass(20)
  expect(otherCalls()).toEqual(['r9', 'r11', 'r10'])
})

test('a call that breaks leaves its place to the next', async () => {
  const others = scriptedRunner()
  const broken = { run: () => Promise.reject(new Error('lost')) }
  const clock = { now: () => 0, wait: () => Promise.resolve() }
  const runner = ownCallsFirst(broken, others.runner, clock)
  for (let count = 0; count < 9; count++) {
    await expect(runner.run(invocation(`r${count}`))).rejects.toThrow('lost')
  }
  expect(others.started).toEqual([])
})
