import { loadavg } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { hostileFunctions } from '../test/platform/deno/hostile-functions.ts'
import { startGateway } from '../test/support/local-gateway.ts'
import { zipOf } from '../test/support/memory-gateway.ts'
import { portWire } from '../test/support/port-wire.ts'
import { startWitness } from '../test/support/witness.ts'
import { sendEvents } from './invoke/send-events.ts'
import { signedEvent } from './invoke/signed-event.ts'

// The Deno edition beside functions that mean harm: how long a neighbour's events take from being
// sent to being run, alone and while one hostile function after the other is called. In turns, so
// that a busy machine is as busy for both.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    /** How many hostile events are sent a second. */
    rate: { type: 'string', default: '4' },
  },
})
const NEIGHBOUR_EVENTS = 200
const PAUSE_MILLISECONDS = 50
/** What was begun last has come to its Timeout by then. */
const REST_MILLISECONDS = 3000

const witness = await startWitness()
const gateway = await startGateway({
  edition: 'deno',
  variables: {
    FUNCTION_OUTBOUND: `public,127.0.0.1:${witness.port}`,
    INVOKE_RETRY_DELAYS: '',
  },
})
const wire = portWire(gateway.port)

async function upload(name: string, body: string): Promise<void> {
  const source = `var fs = require('fs')
    exports.handler = function (event, context) {\n${body}\n}`
  await wire.upload(name, { Timeout: '2' }, zipOf({ 'index.js': source }))
}

async function invoke(name: string, event: object): Promise<void> {
  const path = `/2014-11-13/functions/${name}/invoke-async/`
  const answer = await wire.call('POST', path, JSON.stringify(event))
  if (answer.status !== 202) throw new Error(await answer.text())
}

let lastNumber = 0

/**
 * Milliseconds from sending an event to its function's request. Signed beforehand: that takes the
 * client a dozen turns of its threads, which are not the gateway's.
 */
async function neighbourDelays(): Promise<number[]> {
  const numbers = Array.from({ length: NEIGHBOUR_EVENTS }, () => ++lastNumber)
  const sign = (number: number) => signedEvent(gateway.url, 'neighbour', { number })
  const requests = await Promise.all(numbers.map(sign))
  const sentAt: number[] = []
  for (const request of requests) {
    sentAt.push(performance.now())
    await sendEvents([request], 1)
    await wait(PAUSE_MILLISECONDS)
  }
  await wait(REST_MILLISECONDS)
  return numbers.map((number, n) => (witness.seenAt(`/${number}`) ?? Infinity) - (sentAt[n] ?? 0))
}

async function besideHarm(): Promise<number[]> {
  let isOver = false
  const harm = async () => {
    for (let n = 0; !isOver; n++) {
      await invoke(`hostile-${n % hostileFunctions.length}`, {})
      await wait(1000 / Number(values.rate))
    }
  }
  const harming = harm()
  const delays = await neighbourDelays()
  isOver = true
  await harming
  await wait(REST_MILLISECONDS)
  return delays
}

function quantile(list: readonly number[], part: number): number {
  const sorted = list.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * part)] ?? NaN
}

try {
  await upload(
    'neighbour',
    `require('http').get('http://127.0.0.1:${witness.port}/' + event.number, function (response) {
      response.resume().on('end', context.done)
    })`,
  )
  for (const [index, { body }] of hostileFunctions.entries()) await upload(`hostile-${index}`, body)
  await neighbourDelays()
  const alone: number[] = []
  const beside: number[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    alone.push(...(await neighbourDelays()))
    beside.push(...(await besideHarm()))
  }
  for (const [name, delays] of Object.entries({ alone, beside })) {
    const [p50, p99] = [quantile(delays, 0.5), quantile(delays, 0.99)]
    console.log(`${name}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms of ${delays.length}`)
  }
  const ratio = quantile(beside, 0.99) / quantile(alone, 0.99)
  console.log(`p99 ×${ratio.toFixed(2)} beside ${hostileFunctions.length} hostile functions`)
  console.log(`load ${loadavg()[0]?.toFixed(2)}`)
} finally {
  await gateway.stop()
  await witness.stop()
}
