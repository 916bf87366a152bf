import { globSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGateway, until, type LocalGateway } from '../../support/local-gateway.ts'
import { zipOf } from '../../support/memory-gateway.ts'
import { portWire } from '../../support/port-wire.ts'

let gateway: LocalGateway
beforeAll(async () => {
  gateway = await startGateway({ edition: 'deno' })
})
afterAll(() => gateway.stop())

/** How nice the gateway's functions are to others, each: 19 is the most. */
function nicenesses(): number[] {
  return globSync('/proc/[0-9]*/stat').flatMap((path) => {
    try {
      if (!readFileSync(path.replace('stat', 'cmdline'), 'utf8').includes('sandbox')) return []
      const [, , group, ...rest] = (readFileSync(path, 'utf8').split(') ')[1] ?? '').split(' ')
      return Number(group) === gateway.processGroup ? [Number(rest[13])] : []
    } catch {
      // It has ended meanwhile.
      return []
    }
  })
}

const ITS_TURN = 10
const MAKES_WAY = 19
const all = (niceness: number) => nicenesses().every((one) => one === niceness)

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
  // The function's own, and two that wait for others.
  await until(() => nicenesses().length === 3 && all(ITS_TURN))
  await compute(2000)
  await until(async () => {
    const counts = await wire.call('GET', '/gateway/functions/busy/invocations/count')
    return ((await counts.json()) as { Succeeded: number }).Succeeded === 2
  })
  expect(nicenesses()).toContain(MAKES_WAY)
})

// To take it back is root's alone.
test.runIf(process.getuid?.() === 0)('… and has its turn again in its next call', async () => {
  await until(async () => {
    await compute(0)
    return all(ITS_TURN)
  })
})

function compute(milliseconds: number) {
  const path = '/2014-11-13/functions/busy/invoke-async/'
  return portWire(gateway.port).call('POST', path, JSON.stringify({ milliseconds }))
}
