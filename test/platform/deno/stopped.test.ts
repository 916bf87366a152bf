import { expect, test } from 'vitest'
import { dataFolder } from '../../support/deno-data.ts'
import { startGateway, until } from '../../support/local-gateway.ts'
import { zipOf } from '../../support/memory-gateway.ts'
import { portWire } from '../../support/port-wire.ts'
import { startWitness } from '../../support/witness.ts'

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s to the whole process group, as a terminal or systemd sends it, lets functions end',
  async (signal) => {
    const witness = await startWitness()
    await using folder = await dataFolder()
    const variables = { FUNCTION_OUTBOUND: `127.0.0.1:${witness.port}` }
    const start = () => startGateway({ edition: 'deno', persistTo: folder.path, variables })
    let gateway = await start()
    try {
      const wire = portWire(gateway.port)
      const source = `exports.handler = function (event, context) {
        require('http').get('http://127.0.0.1:${witness.port}/begun/');
        setTimeout(context.done, 1500);
      };`
      await wire.upload('slow', { Timeout: '10' }, zipOf({ 'index.js': source }))
      const accepted = await wire.call('POST', '/2014-11-13/functions/slow/invoke-async/', '{}')
      await until(() => witness.count('/begun/') === 1)
      await gateway.stop(signal)
      gateway = await start()
      const id = accepted.headers.get('x-amzn-requestid') ?? ''
      const path = `/gateway/functions/slow/invocations/${id}`
      const record: unknown = await (await portWire(gateway.port).call('GET', path)).json()
      expect(record).toMatchObject({ State: 'succeeded', Attempts: [{}] })
      expect(witness.count('/begun/')).toBe(1)
    } finally {
      await gateway.stop()
      await witness.stop()
    }
  },
)
