import { expect, test } from 'vitest'
import { ownCallsFirst } from '../../src/platform/cloudflare/own-calls-first.ts'
import { recordOf } from '../contracts/function-store.ts'
import { FAULT, SUCCEEDED, scriptedRunner } from '../support/scripted-runner.ts'

const invocation = (requestId: string) => ({
  record: recordOf('f'),
  requestId,
  attempt: 1,
  slot: 0,
  payload: '{}',
})

test('eight events at a time run in the object itself, those above elsewhere', async () => {
  const own = scriptedRunner()
  const others = scriptedRunner()
  const runner = ownCallsFirst(own.runner, others.runner)
  const results = Array.from({ length: 10 }, (_, index) => runner.run(invocation(`r${index}`)))
  expect(own.started).toHaveLength(8)
  expect(others.started.map(({ requestId }) => requestId)).toEqual(['r8', 'r9'])
  own.finish(SUCCEEDED)
  others.finish(FAULT)
  expect(await results[0]).toEqual(SUCCEEDED)
  expect(await results[8]).toEqual(FAULT)
  void runner.run(invocation('r10'))
  void runner.run(invocation('r11'))
  expect(own.started.at(-1)?.requestId).toBe('r10')
  expect(others.started.at(-1)?.requestId).toBe('r11')
})

test('a call that breaks leaves its place to the next', async () => {
  const others = scriptedRunner()
  const broken = { run: () => Promise.reject(new Error('lost')) }
  const runner = ownCallsFirst(broken, others.runner)
  for (let count = 0; count < 9; count++) {
    await expect(runner.run(invocation(`r${count}`))).rejects.toThrow('lost')
  }
  expect(others.started).toEqual([])
})
