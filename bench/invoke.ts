import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { setTimeout as wait } from 'node:timers/promises'
import { until } from '../test/support/local-gateway.ts'
import { startBareQueue } from './invoke/bare-queue.ts'
import { startGatewayServer } from './invoke/gateway.ts'
import { sendEvents } from './invoke/send-events.ts'
import { startServerlessOffline } from './invoke/serverless-offline.ts'
import type { Server } from './invoke/server.ts'

// InvokeAsync against `npm start`, beside a Worker that only sends to a queue and beside
// serverless-offline: events accepted and completed a second, and how long from the accepting
// answer to the function. By turns, so that a busy machine is as busy for all. Everything runs on
// this machine, the load too; its requests are signed beforehand.

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '5' },
    /** Before those that count: what runs for days is measured, not how it gets warm. */
    'warm-up': { type: 'string', default: '4' },
    connections: { type: 'string', default: '16' },
    'only-gateway': { type: 'boolean', default: false },
  },
})
const events = Number(values.events)
const rounds = Number(values.rounds)
const warmUp = Number(values['warm-up'])
const connections = Number(values.connections)
/** Far below what any of them sustains. */
const CALM_EVENTS = 100
const CALM_PAUSE_MILLISECONDS = 20
/** What is not completed by then is counted as missing. */
const PATIENCE_MILLISECONDS = 60_000

interface Round {
  accepted: number
  completed: number
  missing: number
  delays: number[]
}

let lastNumber = 0
const numbers = (count: number) => Array.from({ length: count }, () => ++lastNumber)

/** Sends as fast as the connections allow. */
async function round(server: Server): Promise<Round> {
  const sent = numbers(events)
  const requests = await server.requests(sent)
  const before = await server.completed()
  const startedAt = performance.now()
  const answeredAt = await sendEvents(requests, connections)
  const acceptedSeconds = (performance.now() - startedAt) / 1000
  let [done, doneAt] = [0, performance.now()]
  await until(async () => {
    const now = (await server.completed()) - before
    if (now > done) [done, doneAt] = [now, performance.now()]
    return done >= events
  }, PATIENCE_MILLISECONDS).catch(() => undefined)
  return {
    accepted: events / acceptedSeconds,
    completed: done / ((doneAt - startedAt) / 1000),
    ...delaysOf(sent, answeredAt, await startsOf(server, sent)),
  }
}

/** Sends one after the other, with pauses: what a lone caller sees. */
async function calm(server: Server): Promise<number[]> {
  const sent = numbers(CALM_EVENTS)
  const answeredAt: number[] = []
  for (const request of await server.requests(sent)) {
    answeredAt.push(...(await sendEvents([request], 1)))
    await wait(CALM_PAUSE_MILLISECONDS)
  }
  await until(async () => (await server.starts()).has(lastNumber))
  return delaysOf(sent, answeredAt, await server.starts()).delays
}

/** Under full load a log comes some time after the event that it tells of. */
async function startsOf(server: Server, sent: number[]): Promise<Map<number, number>> {
  let starts = await server.starts()
  await until(async () => {
    starts = await server.starts()
    return sent.every((n) => starts.has(n))
  }, PATIENCE_MILLISECONDS).catch(() => undefined)
  return starts
}

/** An event may start before its answer is here: that is no delay. */
function delaysOf(sent: number[], answeredAt: number[], starts: Map<number, number>) {
  const delays = sent.flatMap((n, i) => {
    const startedAt = starts.get(n)
    return startedAt === undefined ? [] : [Math.max(startedAt - (answeredAt[i] ?? NaN), 0)]
  })
  return { delays, missing: sent.length - delays.length }
}

function quantile(list: readonly number[], part: number): number {
  const sorted = list.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * part)] ?? NaN
}

const delayText = (list: number[]) =>
  `p50 ${quantile(list, 0.5).toFixed(1)} ms, p99 ${quantile(list, 0.99).toFixed(1)} ms`

const gateway = await startGatewayServer()
const servers: Server[] = [gateway]
try {
  if (!values['only-gateway']) {
    servers.push(await startBareQueue())
    servers.push(await startServerlessOffline())
  }
  const results = new Map(servers.map((server) => [server.name, [] as Round[]]))
  const delays = new Map<string, number[]>()
  for (let n = 0; n < warmUp + rounds; n++) {
    for (const server of servers) {
      const result = await round(server)
      if (n === 0) delays.set(server.name, await calm(server))
      if (n >= warmUp) results.get(server.name)?.push(result)
      console.log(`round ${n}: ${server.name} completed ${result.completed.toFixed(0)}/s`)
    }
  }
  await gateway.occupy(10)
  const besideTen = await calm(gateway)

  const median = (name: string, what: 'accepted' | 'completed') =>
    quantile(results.get(name)?.map((result) => result[what]) ?? [], 0.5)
  for (const { name, promise } of servers) {
    const list = results.get(name) ?? []
    const missing = list.reduce((sum, result) => sum + result.missing, 0)
    console.log(`${name} (${promise})`)
    console.log(
      `  accepted ${median(name, 'accepted').toFixed(0)}/s, ` +
        `completed ${median(name, 'completed').toFixed(0)}/s, ` +
        `${missing} of ${list.length * events} events never seen by their function`,
    )
    console.log(`  accept to start at full load: ${delayText(list.flatMap((one) => one.delays))}`)
    console.log(`  accept to start one by one: ${delayText(delays.get(name) ?? [])}`)
  }
  console.log(`gateway, one by one beside ten events that wait: ${delayText(besideTen)}`)
  for (const { name } of servers.slice(1)) {
    const ratio = median('gateway', 'completed') / median(name, 'completed')
    console.log(`gateway completes ${ratio.toFixed(2)} of what ${name} does`)
  }
  console.log(
    `medians of ${rounds} rounds of ${events} events over ${connections} connections, ` +
      `after ${warmUp} others; ` +
      `load ${loadavg()[0]?.toFixed(2)}`,
  )
} finally {
  for (const server of servers) await server.stop()
}
