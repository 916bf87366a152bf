import { readFileSync, readdirSync } from 'node:fs'
import { dataFolder, openDenoData } from '../test/support/deno-data.ts'
import { startGateway, until } from '../test/support/local-gateway.ts'
import { zipOf } from '../test/support/memory-gateway.ts'
import { portWire } from '../test/support/port-wire.ts'
import { startWitness } from '../test/support/witness.ts'

// The Deno edition: from the accepting answer to a function's first sign of life, in a new process
// and in a warm one; what a process that waits holds in memory; and how soon a gateway answers and
// works that finds a hundred thousand events. Everything runs on this machine, the load too.

const FUNCTIONS = 30
const WARM_CALLS = 200
const QUEUED = 100_000

const witness = await startWitness()
const variables = { FUNCTION_OUTBOUND: `127.0.0.1:${witness.port}`, FUNCTION_CONCURRENCY: '4' }
const source = `var http = require('http');
  exports.handler = function (event, context) {
    http.get('http://127.0.0.1:${witness.port}' + event.path, function (response) {
      response.resume().on('end', function () { context.done(); });
    }).on('error', context.done);
  };`
const zip = zipOf({ 'index.js': source })

type Wire = ReturnType<typeof portWire>

async function invoke(wire: Wire, name: string, path: string): Promise<number> {
  const event = JSON.stringify({ path })
  const answer = await wire.call('POST', `/2014-11-13/functions/${name}/invoke-async/`, event)
  if (answer.status !== 202) throw new Error(await answer.text())
  const acceptedAt = performance.now()
  await until(() => witness.seen(path).length > 0)
  return Math.max((witness.seenAt(path) ?? NaN) - acceptedAt, 0)
}

function tell(label: string, values: number[], unit: string): void {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? NaN).toFixed(1)
  console.log(`${label}: p50 ${at(0.5)} ${unit}, p99 ${at(0.99)} ${unit}, of ${sorted.length}`)
}

/** The memory that would come back if a process ended, in megabytes, of all that run functions. */
function instanceMegabytes(): number[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return processes.flatMap((id) => {
    try {
      const command = readFileSync(`/proc/${id}/cmdline`, 'utf8')
      if (!command.includes('process-sandbox.mjs')) return []
      const rollup = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8')
      const kilobytes = (name: string) => Number(new RegExp(`${name}: +(\\d+)`).exec(rollup)?.[1])
      return [(kilobytes('Private_Dirty') + kilobytes('Private_Clean')) / 1024]
    } catch {
      return []
    }
  })
}

async function starts(): Promise<void> {
  const gateway = await startGateway({ edition: 'deno', variables })
  try {
    const wire = portWire(gateway.port)
    const names = Array.from({ length: FUNCTIONS }, (_, n) => `cold-${n}`)
    for (const name of names) await wire.upload(name, {}, zip)
    const cold: number[] = []
    for (const name of names) cold.push(await invoke(wire, name, `/cold/${name}/`))
    tell('accept to start, new functions one right after the other', cold, 'ms')
    const warm: number[] = []
    for (let n = 0; n < WARM_CALLS; n++) warm.push(await invoke(wire, 'cold-0', `/warm/${n}/`))
    tell('accept to start, warm process', warm, 'ms')
    tell('memory of an idle process', instanceMegabytes(), 'MB')
  } finally {
    await gateway.stop()
  }
}

async function startsWithEvents(): Promise<void> {
  await using folder = await dataFolder()
  const before = await openDenoData({ folder: folder.path, variables })
  const upload = {
    FunctionName: 'many',
    Runtime: 'nodejs' as const,
    Role: 'r',
    Handler: 'index.handler',
  }
  const more = {
    Mode: 'event' as const,
    Description: '',
    Timeout: 3,
    MemorySize: 128,
    FunctionARN: 'a',
  }
  await before.ports.code.put('code/many/1.zip', new Blob([zip]).stream(), zip.byteLength)
  const draft = { ...upload, ...more, CodeSize: zip.byteLength }
  await before.ports.registry.upload(draft, 'code/many/1.zip')
  for (let at = 0; at < QUEUED; at += 1000) {
    const events = Array.from({ length: 1000 }, (_, n) => ({
      functionName: 'many',
      requestId: crypto.randomUUID(),
      acceptedAtMilliseconds: Date.now(),
      payload: JSON.stringify({ path: `/many/${at + n}/` }),
    }))
    await before.ports.inboxes.accept('many', events)
  }
  await before.close(0)
  const startedAt = performance.now()
  const gateway = await startGateway({ edition: 'deno', variables, persistTo: folder.path })
  const answered = performance.now() - startedAt
  try {
    await until(() => witness.count('/many/') > 0)
    const worked = performance.now() - startedAt
    console.log(
      `with ${QUEUED} events: answers after ${answered.toFixed(0)} ms, runs the first after ` +
        `${worked.toFixed(0)} ms, both from the start of the command`,
    )
  } finally {
    await gateway.stop('SIGKILL')
  }
}

try {
  await starts()
  await startsWithEvents()
} finally {
  await witness.stop()
}
