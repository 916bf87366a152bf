import { spawn } from 'node:child_process'
import { getPriority } from 'node:os'
import { expect, test } from 'vitest'
import { systemPriorities } from '../../../src/platform/deno/functions/priorities.ts'

const ignored = { schedule: () => undefined }

test('a process makes way when it is told to', () => {
  const { makeWay } = systemPriorities(ignored)
  const child = spawn('sleep', ['60'])
  try {
    const pid = child.pid ?? 0
    makeWay(pid)
    expect(getPriority(pid)).toBe(19)
  } finally {
    child.kill()
  }
})

test('where none could be started, the gateway itself does not make way', () => {
  const scheduled: number[] = []
  const priorities = systemPriorities({ schedule: (pid) => scheduled.push(pid) })
  const own = getPriority()
  for (const change of Object.values(priorities) as ((pid: number) => void)[]) change(0)
  expect(getPriority()).toBe(own)
  expect(scheduled).toEqual([])
})
