import { globSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataFolder, type DataFolder } from '../../support/deno-data.ts'
import { startGateway, until, type LocalGateway } from '../../support/local-gateway.ts'
import { zipOf } from '../../support/memory-gateway.ts'
import { portWire } from '../../support/port-wire.ts'

let folder: DataFolder
let gateway: LocalGateway
beforeAll(async () => {
  folder = await dataFolder()
  gateway = await startGateway({ edition: 'deno', persistTo: folder.path })
})
afterAll(async () => {
  await gateway.stop()
  await folder[Symbol.asyncDispose]()
})

/** How nice the gateway's functions are to others, each: 19 is the most. */
const nicenesses = () => valuesOfFunctions().map((values) => Number(values[16]))
/** Which of them others need not wait for at all. */
const policies = () => valuesOfFunctions().map((values) => Number(values[38]))

/** What the system knows of each process of a function, from the state on (proc_pid_stat(5)). */
function valuesOfFunctions(): string[][] {
  return globSync('/proc/[0-9]*/stat').flatMap((path) => {
    try {
      const command = readFileSync(path.replace('stat', 'cmdline'), 'utf8')
      if (!command.includes('sandbox') || !command.includes(folder.path)) return []
      const [, ...values] = readFileSync(path, 'utf8').split(') ')
      return [values.join().split(' ')]
    } catch {
      // It has ended meanwhile.
      return []
    }
  })
}

const ITS_TURN = 10
const MAKES_WAY = 19
const SCHED_IDLE = 5
/** The function's own, and two that wait for others. */
const haveAllTheirTurn = () => {
  const all = nicenesses()
  const isAnyIdle = policies().includes(SCHED_IDLE)
  return all.length === 3 && all.every((one) => one === ITS_TURN) && !isAnyIdle
}

test('A function that computes for long makes way for others', async () => {
  const wire = portWire(gateway.port)
  const source = `exports.handler = function (event, context) {
    for (var end = Date.now() + event.milliseconds; Date.now() < end; );
    // Only the first of these is the sandbox's.
    Deno.stdout.writeSync(new TextEncoder().encode('\\u0000{"kind":"ready"}\\n'))
    setTimeout(context.done, event.milliseconds / 10)
  }`
  await wire.upload('busy', { Timeout: '20' }, zipOf({ 'index.js': source }))
  await compute(10)
  await until(haveAllTheirTurn)
  await compute(2000)
  await until(async () => {
    const counts = await wire.call('GET', '/gateway/functions/busy/invocations/count')
    return ((await counts.json()) as { Succeeded: number }).Succeeded === 2
  })
  expect(nicenesses()).toContain(MAKES_WAY)
})

test('Its niceness counts, for it is in the session of the gateway', () => {
  const sessions = new Set(valuesOfFunctions().map((values) => Number(values[3])))
  expect(Array.from(sessions)).toEqual([gateway.processGroup])
})

// To take it back is root's alone.
test.runIf(process.getuid?.() === 0)('… and has its turn again in its next call', async () => {
  expect(policies()).toContain(SCHED_IDLE)
  await compute(0)
  await until(haveAllTheirTurn)
})

function compute(milliseconds: number) {
  const path = '/2014-11-13/functions/busy/invoke-async/'
  return portWire(gateway.port).call('POST', path, JSON.stringify({ milliseconds }))
}
