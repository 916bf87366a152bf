import { spawn } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { describe, test } from 'vitest'
import { until } from '../../support/local-gateway.ts'

// The same, where it is Deno that runs the gateway.

const PROGRAM = 'test/support/process-host-program.ts'

function start(...args: string[]) {
  const deno = spawn('node_modules/deno/deno', ['run', '-A', '--no-check', PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { deno, lines: createInterface({ input: deno.stdout }) }
}

describe('A gateway that is run by Deno', () => {
  test('runs functions in processes, answers them, and leaves none behind', async ({ expect }) => {
    const { deno, lines } = start()
    const told: unknown[] = []
    for await (const line of lines) told.push(JSON.parse(line))
    expect(told).toEqual([
      ['succeeds', { kind: 'succeeded' }],
      ['loops', { kind: 'timedOut', errorMessage: 'Task timed out after 1.00 seconds' }],
      ['hangs', { kind: 'exited', errorMessage: 'Process exited before completing request' }],
      ['asks', { kind: 'failed', errorMessage: '[]' }],
      ['reaches', { kind: 'failed', errorMessage: 'ECONNREFUSED' }],
      [
        'crowds',
        {
          kind: 'failed',
          errorMessage: 'connect ECONNREFUSED: the request has 1000 headers or more',
        },
      ],
      ['digs', { kind: 'exited', errorMessage: 'Process exited before completing request' }],
      ['closed'],
    ])
    await until(() => deno.exitCode === 0)
  })

  test('takes its functions with it when it is killed', async ({ expect }) => {
    const { deno, lines } = start('--stay')
    let folder = ''
    for await (const line of lines) {
      const [name, value] = JSON.parse(line) as [string, unknown]
      if (name !== 'folder') continue
      folder = String(value)
      break
    }
    await until(() => processesOf(folder).length >= 2)
    // It alone: nobody tells the others.
    deno.kill('SIGKILL')
    await until(() => processesOf(folder).length === 0)
    await rm(folder, { recursive: true, force: true })
    expect(folder).not.toBe('')
  })
})

/** The processes that have a folder in their command line. */
function processesOf(folder: string): string[] {
  return globSync('/proc/[0-9]*/cmdline').filter((path) => {
    try {
      return readFileSync(path, 'utf8').includes(folder)
    } catch {
      return false
    }
  })
}
