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

test('A function that computes for long makes way for others', async () => {
  const wire = portWire(gateway.port)
  const source = `exports.handler = function (event, context) {
    for (var end = Date.now() + event.milliseconds; Date.now() < end; );
    context.done()
  }`
  await wire.upload('busy', { Timeout: '20' }, zipOf({ 'index.js': source }))
  const compute = (milliseconds: number) =>
    wire.call('POST', '/2014-11-13/functions/busy/invoke-async/', JSON.stringify({ milliseconds }))
  await compute(10)
  await until(() => nicenesses().length > 0)
  expect(nicenesses().every((one) => one === 0)).toBe(true)
  await compute(2000)
  await until(() => nicenesses().includes(19))
})

// To take it back is root's alone.
test.runIf(process.getuid?.() === 0)('… and has its turn again in its next call', async () => {
  const wire = portWire(gateway.port)
  await until(async () => {
    await wire.call('POST', '/2014-11-13/functions/busy/invoke-async/', '{"milliseconds":0}')
    return !nicenesses().includes(19)
  })
})
