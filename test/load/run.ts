import { loadavg } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { gatewayMemory, type GatewayMemory } from '../fuzz/gateway-memory.ts'
import { startGateway } from '../support/local-gateway.ts'
import { startWitness } from '../support/witness.ts'
import { loadClient } from './load-client.ts'
import { loadFunctions, type LoadFunction } from './load-functions.ts'

// npm run soak:load -- --minutes 10 --connections 8
//
// As many events as the machine takes: first of healthy functions alone, then with every third one
// for a function that fails, is slow or is huge. Tells whether the gateway's memory stays flat, and
// whether the healthy ones start as soon as before.

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    connections: { type: 'string', default: '8' },
  },
})
const connections = Number(values.connections)
const totalMilliseconds = Number(values.minutes) * 60_000
/** A third without the bad ones, the rest with them. */
const CALM_SHARE = 1 / 3
const LOOKS = 10
const MAX_EVENTS = 500_000
/** Before memory is looked at, so that what is on its way is not counted. */
const PAUSE_MILLISECONDS = 1500
/** Slow events may have piled up behind their ceiling of fifty. */
const REST_MILLISECONDS = 300_000
const MAX_GROWTH = 1.1
const MAX_RATIO = 3
const WARM_UP_MILLISECONDS = 60_000

interface Look extends GatewayMemory {
  atMilliseconds: number
}

interface Result {
  name: string
  delays: number[]
  looks: Look[]
}

const witness = await startWitness()
const gateway = await startGateway({
  variables: {
    INVOKE_RETRY_DELAYS: '1,1',
    FUNCTION_OUTBOUND: `public,127.0.0.1:${witness.port}`,
  },
})
const client = loadClient(gateway)

async function phase(
  name: string,
  functions: readonly LoadFunction[],
  milliseconds: number,
): Promise<Result> {
  const looks: Look[] = []
  const startedAt = performance.now()
  const sent = { accepted: 0, refused: 0, seconds: 0 }
  client.acceptedAt.clear()
  for (let look = 1; look <= LOOKS; look += 1) {
    const until = startedAt + (milliseconds * look) / LOOKS
    const beganAt = performance.now()
    const goesOn = () => performance.now() < until && total() < MAX_EVENTS
    const part = await client.send({ functions, connections, goesOn })
    sent.accepted += part.accepted
    sent.refused += part.refused
    const seconds = (performance.now() - beganAt) / 1000
    sent.seconds += seconds
    await wait(PAUSE_MILLISECONDS)
    const memory = await gatewayMemory(gateway)
    looks.push({ atMilliseconds: performance.now() - startedAt, ...memory })
    console.log(
      `${name}, ${((performance.now() - startedAt) / 1000).toFixed(0)} s: ` +
        `${(part.accepted / seconds).toFixed(0)} events/s, ` +
        `heap ${memory.heap?.toFixed(1) ?? 'unknown'} MB, server ${memory.server} MB, all ${memory.all} MB`,
    )
  }
  const delays = [...client.acceptedAt].flatMap(([number, acceptedAt]) => {
    const seenAt = seen().get(`/${number}`)
    return seenAt === undefined ? [] : [Math.max(seenAt - acceptedAt, 0)]
  })
  console.log(
    `${name}: ${(sent.accepted / sent.seconds).toFixed(0)} events/s accepted, ` +
      `${sent.refused} refused; healthy ones start after p50 ${quantile(delays, 0.5).toFixed(1)} ms, ` +
      `p99 ${quantile(delays, 0.99).toFixed(1)} ms (${delays.length} samples)`,
  )
  return { name, delays, looks }
}

const total = () => [...client.accepted.values()].reduce((sum, count) => sum + count, 0)
const seen = () =>
  new Map(witness.sightings.map(({ path, atMilliseconds }) => [path, atMilliseconds]))

function quantile(list: readonly number[], part: number): number {
  const sorted = list.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * part)] ?? NaN
}

/** What the last third of the looks hold, beside the first one after the warm-up. */
function growth({ looks }: Result): number {
  const warm = looks.filter(({ atMilliseconds }) => atMilliseconds >= WARM_UP_MILLISECONDS)
  const [first] = warm.length > 1 ? warm : looks
  const last = looks.slice(-Math.ceil(LOOKS / 3)).map(({ heap = NaN }) => heap)
  return quantile(last, 0.5) / (first?.heap ?? NaN)
}

let isGood = false
try {
  const functions = loadFunctions(witness.port)
  for (const one of functions) await client.upload(one)
  const healthy = functions.filter(({ isHealthy }) => isHealthy)
  const calm = await phase('healthy alone', healthy, totalMilliseconds * CALM_SHARE)
  const mixed = await phase('with the bad ones', functions, totalMilliseconds * (1 - CALM_SHARE))
  const ratio = quantile(mixed.delays, 0.99) / quantile(calm.delays, 0.99)
  const missing = await client.missing(REST_MILLISECONDS)
  const verdicts: [text: string, isSo: boolean][] = [
    [`heap ×${growth(mixed).toFixed(2)}, at most ×${MAX_GROWTH}`, growth(mixed) <= MAX_GROWTH],
    [`p99 of healthy ones ×${ratio.toFixed(2)}, at most ×${MAX_RATIO}`, ratio <= MAX_RATIO],
    [`${total()} events accepted, all accounted for`, missing.length === 0],
  ]
  for (const [text, isSo] of verdicts) console.log(`${isSo ? 'yes' : 'NO '}  ${text}`)
  for (const fault of missing) console.log(`     ${fault}`)
  console.log(`load ${loadavg()[0]?.toFixed(2)}`)
  isGood = verdicts.every(([, isSo]) => isSo)
} finally {
  await gateway.stop()
  await witness.stop()
}
process.exitCode = isGood ? 0 : 1
