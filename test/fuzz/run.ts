import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isDenoEdition, startGateway } from '../support/local-gateway.ts'
import { faultOf } from './fault-of.ts'
import type { GatewayMemory } from './gateway-memory.ts'
import { CREDENTIALS, described, fuzz, VARIABLES } from './fuzz.ts'
import { beginnings } from './operations.ts'
import { requestOf } from './request-of.ts'
import { requestSender } from './send-request.ts'
import { faultsInBucket } from './faults-in-bucket.ts'

// `npm run fuzz`: sends requests that are made from a seed to `npm start`, or to the Deno edition
// where GATEWAY_EDITION is `deno`, and tells what was wrong. With `--only INDEX` it sends that one and
// shows the answer.

/** Seen in the second half of 20,000 requests: 0.4. */
const MAX_HEAP_GROWTH_MEGABYTES = 2
/** Seen in the second half of 3,000 requests, when all is still being warmed up: 49. */
const MAX_SERVER_GROWTH_MEGABYTES = 100

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    only: { type: 'string' },
  },
})
const seed = Number(values.seed)
const folder = await mkdtemp(join(tmpdir(), 'fuzz-'))
const gateway = await startGateway({ variables: VARIABLES, persistTo: folder })
try {
  if (values.only === undefined) await sendAll(Number(values.requests))
  else await sendOne(Number(values.only))
} finally {
  await gateway.stop()
  await rm(folder, { recursive: true, force: true })
}

async function sendOne(index: number): Promise<void> {
  const send = requestSender(gateway.port, CREDENTIALS)
  for (const request of beginnings()) await send(request)
  const sent = await send(requestOf(seed, index))
  console.log(described(sent))
  console.log(faultOf(sent, CREDENTIALS) ?? 'Nothing is wrong with this.')
}

async function sendAll(requests: number): Promise<void> {
  console.log(`${requests} requests of seed ${seed}`)
  const beganAt = performance.now()
  const report = await fuzz(gateway, {
    seed,
    requests,
    parts: 10,
    onPart: (done, { heap, server, all }) =>
      console.log(
        `${done}: heap ${heap?.toFixed(1) ?? 'unknown'} MB, server ${server} MB, all ${all} MB`,
      ),
  })
  console.log(`${((performance.now() - beganAt) / 1000).toFixed(0)} s`)
  console.table(report.statuses)
  await gateway.stop()
  const faults = [
    ...report.faults,
    ...faultsInBucket(folder, report.ledger),
    ...faultsInMemory(report.memory),
  ]
  for (const fault of faults) console.log(`\n${fault}`)
  console.log(`\n${faults.length} faults`)
  if (faults.length > 0) process.exitCode = 1
}

/** What is warm after half of a run has no reason to grow in the other half. */
function faultsInMemory(memory: GatewayMemory[]): string[] {
  const middle = Math.floor(memory.length / 2)
  if (isDenoEdition) {
    const [before, after] = [memory.slice(0, middle), memory.slice(middle)]
    const grown = peak(after) - peak(before)
    return grown <= MAX_SERVER_GROWTH_MEGABYTES ? [] : [`the server grew by ${grown} MB`]
  }
  const [half, end] = [memory[middle], memory.at(-1)]
  const grown = (end?.heap ?? NaN) - (half?.heap ?? NaN)
  return grown <= MAX_HEAP_GROWTH_MEGABYTES ? [] : [`the heap grew by ${grown.toFixed(1)} MB`]
}

/** What is resident goes up and down with what waits to be collected. */
function peak(memory: GatewayMemory[]): number {
  return Math.max(...memory.map(({ server }) => server))
}
