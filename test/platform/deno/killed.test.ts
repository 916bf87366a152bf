import { expect, test } from 'vitest'
import { dataFolder } from '../../support/deno-data.ts'
import { startGateway, until } from '../../support/local-gateway.ts'
import { zipOf } from '../../support/memory-gateway.ts'
import { portWire } from '../../support/port-wire.ts'
import { startWitness } from '../../support/witness.ts'

// The Deno edition, killed while clients upload and invoke, and started again on the same folder.

const FUNCTIONS = '/2014-11-13/functions'
const ROUNDS = 3
const ACCEPTED_A_ROUND = 300
const CLIENTS = 8

const runs = (witnessPort: number) => `
  var http = require('http');
  exports.handler = function (event, context) {
    http.get('http://127.0.0.1:${witnessPort}/ran/' + context.awsRequestId, function (response) {
      response.resume().on('end', function () { context.done(); });
    }).on('error', context.done);
  };`

test('of what was answered before a kill nothing is lost', async () => {
  const witness = await startWitness()
  await using folder = await dataFolder()
  const start = () =>
    startGateway({
      edition: 'deno',
      persistTo: folder.path,
      variables: {
        FUNCTION_OUTBOUND: `127.0.0.1:${witness.port}`,
        FUNCTION_CONCURRENCY: '4',
      },
    })
  const accepted = new Set<string>()
  const uploaded = new Map<string, unknown>()
  let gateway = await start()
  try {
    await portWire(gateway.port).upload('tells', {}, zipOf({ 'index.js': runs(witness.port) }))
    for (let round = 1; round <= ROUNDS; round += 1) {
      const wire = portWire(gateway.port)
      const enough = round * ACCEPTED_A_ROUND
      // Each goes on until the gateway is gone.
      const clients = Array.from({ length: CLIENTS }, async (_, client) => {
        for (let n = 0; ; n += 1) {
          const name = `f-${round}-${client}-${n}`
          const answers = await Promise.all([
            wire.call('POST', `${FUNCTIONS}/tells/invoke-async/`, '{}'),
            n % 10 === 0 ? wire.upload(name) : undefined,
          ]).catch(() => undefined)
          if (answers === undefined) return
          const [invoked, made] = answers
          if (invoked.status === 202) accepted.add(invoked.headers.get('x-amzn-RequestId') ?? '')
          if (made?.status === 201) uploaded.set(name, await made.json())
        }
      })
      await until(() => accepted.size >= enough)
      await gateway.stop('SIGKILL')
      await Promise.all(clients)
      gateway = await start()
    }
    const ran = () => new Set(witness.seen('/ran/').map(({ path }) => path.slice('/ran/'.length)))
    const missing = () => {
      const seen = ran()
      return Array.from(accepted).filter((id) => !seen.has(id))
    }
    await until(() => missing().length === 0)
    const wire = portWire(gateway.port)
    for (const [name, configuration] of uploaded) {
      const answer = await wire.call('GET', `${FUNCTIONS}/${name}/configuration`)
      expect(await answer.json()).toEqual(configuration)
    }
    expect(accepted.size).toBeGreaterThanOrEqual(ROUNDS * ACCEPTED_A_ROUND)
    expect(uploaded.size).toBeGreaterThan(ROUNDS * CLIENTS)
  } finally {
    await gateway.stop()
    await witness.stop()
  }
})
