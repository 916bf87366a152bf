import { parseArgs } from 'node:util'
import { startGateway, until } from '../test/support/local-gateway.ts'
import { uploadQuery, zipOf } from '../test/support/memory-gateway.ts'
import { signedRequest } from '../test/support/signed-request.ts'
import { startWitness } from '../test/support/witness.ts'

// InvokeAsync against `npm start`: how many are accepted and completed a second, how long from the
// accepting answer to the function's first sign of life, and what a slow function costs others.
// Everything runs on this machine, the load too.

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '2000' },
    connections: { type: 'string', default: '16' },
  },
})
const events = Number(values.events)
const connections = Number(values.connections)

const witness = await startWitness()
const gateway = await startGateway({
  variables: { FUNCTION_OUTBOUND: `public,127.0.0.1:${witness.port}` },
})

async function signed(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>) {
  const init = body === undefined ? { method } : { method, body }
  const response = await fetch(await signedRequest(gateway.url + path, init))
  if (!response.ok) throw new Error(await response.text())
  await response.arrayBuffer()
}

async function upload(name: string, source: string, timeoutSeconds = 60) {
  const query = uploadQuery({ Timeout: String(timeoutSeconds) })
  await signed('PUT', `/2014-11-13/functions/${name}?${query}`, zipOf({ 'index.js': source }))
}

const invoke = (name: string, event: object) =>
  signed('POST', `/2014-11-13/functions/${name}/invoke-async/`, JSON.stringify(event))

const asks = `exports.handler = function (event, context) {
  require('http').get('http://127.0.0.1:${witness.port}' + event.path, function (response) {
    response.resume();
    response.on('end', function () { context.done(); });
  });
}`

function quantile(sorted: number[], part: number): string {
  return `${(sorted[Math.floor((sorted.length - 1) * part)] ?? NaN).toFixed(1)} ms`
}

/** Accept-to-start of events sent one after the other, far below saturation. */
async function startLatency(label: string, name: string, count: number): Promise<void> {
  const latencies: number[] = []
  for (let n = 0; n < count; n++) {
    const path = `/${label.replaceAll(' ', '-')}/${name}/${n}/`
    await invoke(name, { path })
    const acceptedAt = performance.now()
    await until(() => witness.seen(path).length > 0)
    latencies.push(Math.max((witness.seenAt(path) ?? NaN) - acceptedAt, 0))
  }
  latencies.sort((a, b) => a - b)
  console.log(`${label}: p50 ${quantile(latencies, 0.5)}, p99 ${quantile(latencies, 0.99)}`)
}

try {
  await upload('quick', asks)
  await upload('slow', asks)
  await startLatency('accept to start', 'quick', 100)
  for (let n = 0; n < 10; n++) await invoke('slow', { path: `/hold/${n}` })
  await until(() => witness.seen('/hold/').length === 10)
  await startLatency('accept to start beside ten that wait', 'quick', 100)
  witness.release()

  await upload('load', asks)
  const startedAt = performance.now()
  let sent = 0
  const worker = async () => {
    while (sent < events) await invoke('load', { path: `/load/${sent++}` })
  }
  await Promise.all(Array.from({ length: connections }, worker))
  const accepted = events / ((performance.now() - startedAt) / 1000)
  await until(() => witness.count('/load/') >= events, 120_000)
  const completed = events / ((performance.now() - startedAt) / 1000)
  console.log(`accepted ${accepted.toFixed(0)}/s, started ${completed.toFixed(0)}/s`)
  console.log(`${events} events, ${connections} connections, ${witness.count('/load/')} runs`)
} finally {
  await gateway.stop()
  await witness.stop()
}
