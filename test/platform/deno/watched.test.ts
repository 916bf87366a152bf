import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGateway, until, type LocalGateway } from '../../support/local-gateway.ts'
import { zipOf } from '../../support/memory-gateway.ts'
import { portWire } from '../../support/port-wire.ts'

// What only the gateway's own permissions show: it may look after its functions.

let gateway: LocalGateway
beforeAll(async () => {
  gateway = await startGateway({ edition: 'deno', variables: { INVOKE_RETRY_DELAYS: '' } })
})
afterAll(() => gateway.stop())

test.each([
  { does: 'loops', body: 'while (true) {}', reason: 'Task timed out after 2.00 seconds' },
  {
    does: 'takes more and more memory',
    timeout: '20',
    body: 'var kept = []; setInterval(function () { kept.push(Buffer.alloc(20e6, 1)) }, 20)',
    reason: 'Process exited before completing request',
  },
  {
    does: 'needs 60 MB',
    body: 'global.kept = Buffer.alloc(60e6, 1); setTimeout(context.fail, 100, "well")',
    reason: 'well',
    megabytes: 50,
  },
])(
  'A function that $does ends with: $reason',
  async ({ does, timeout = '2', body, reason, megabytes = 1 }) => {
    const wire = portWire(gateway.port)
    const name = does.replaceAll(' ', '-')
    const source = `exports.handler = function (event, context) { ${body} }`
    await wire.upload(name, { Timeout: timeout }, zipOf({ 'index.js': source }))
    await wire.call('POST', `/2014-11-13/functions/${name}/invoke-async/`, '{}')
    let letters: { Reason: string; RequestId: string }[] = []
    await until(async () => {
      const answer = await wire.call('GET', `/gateway/functions/${name}/dead-letters`)
      letters = ((await answer.json()) as { DeadLetters: typeof letters }).DeadLetters
      return letters.length > 0
    })
    expect(letters).toMatchObject([{ Reason: reason }])
    const [{ RequestId } = { RequestId: '' }] = letters
    let report = ''
    await until(async () => {
      const path = `/gateway/functions/${name}/invocations/${RequestId}`
      const { LogLines } = (await (await wire.call('GET', path)).json()) as { LogLines: unknown[] }
      report = JSON.stringify(LogLines)
      return report.includes('REPORT')
    })
    expect(Number(/Max Memory Used: (\d+) MB/.exec(report)?.[1])).toBeGreaterThanOrEqual(megabytes)
  },
)
