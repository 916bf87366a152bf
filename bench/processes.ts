import { readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { zipSync } from 'fflate'
import type { FunctionRecord } from '../src/aws/function-configuration.ts'
import { parseSettings } from '../src/aws/settings.ts'
import { processRunner } from '../src/platform/deno/process-runner.ts'
import { memoryCodeStore } from '../src/platform/memory/memory-code-store.ts'

// `npm run bench:processes`: what a function costs that has processes of its own, without what
// brings events to it. Times are from asking the runner to having the outcome, in milliseconds.

const WARM_CALLS = 2000
const COLD_STARTS = 20

const folder = await mkdtemp(join(tmpdir(), 'processes-'))
const code = memoryCodeStore()
const runner = await processRunner({
  settings: parseSettings({ KEY_ENCRYPTION_SECRET: 'bench' }),
  code,
  identities: { get: () => Promise.resolve(undefined) },
  gateway: () => Promise.resolve(new Response()),
  logs: { append: () => Promise.resolve(), isBehind: () => false },
  folder,
  now: () => Date.now(),
})

const source = `exports.handler = function (event, context) {
  console.log('hello'); context.done() }`

async function upload(name: string): Promise<FunctionRecord> {
  const bytes = new Uint8Array(zipSync({ 'index.js': new TextEncoder().encode(source) }))
  const codeKey = `code/${name}/1.zip`
  await code.put(codeKey, new Blob([bytes]).stream(), bytes.byteLength)
  return {
    codeKey,
    configuration: {
      FunctionName: name,
      FunctionARN: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
      ConfigurationId: name,
      Runtime: 'nodejs',
      Role: 'arn:aws:iam::000000000000:role/none',
      Handler: 'index.handler',
      Mode: 'event',
      CodeSize: bytes.byteLength,
      Description: '',
      Timeout: 10,
      MemorySize: 128,
      LastModified: new Date(0).toISOString(),
    },
  }
}

async function timed(record: FunctionRecord, slot = 0): Promise<number> {
  const startedAt = performance.now()
  const run = { record, requestId: crypto.randomUUID(), attempt: 1, slot, payload: '{"a":1}' }
  const result = await runner.run(run)
  const took = performance.now() - startedAt
  if (!result.ran || result.outcome.kind !== 'succeeded') throw new Error(JSON.stringify(result))
  return took
}

function show(what: string, times: number[]): void {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) => (sorted[Math.floor(sorted.length * part)] ?? NaN).toFixed(2)
  console.log(`${what}: p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}`)
}

try {
  const cold: number[] = []
  for (let count = 0; count < COLD_STARTS; count++) {
    const record = await upload(`cold-${count}`)
    // Its successor is started meanwhile.
    await wait(250)
    cold.push(await timed(record))
  }
  show('first call of an instance, a spare process waiting', cold)

  const burst = await upload('burst')
  const [, , third] = await Promise.all([0, 1, 2].map((slot) => timed(burst, slot)))
  console.log(
    `third of three first calls at once, for which there is no spare: ${third?.toFixed(2)}`,
  )

  const warm = await upload('warm')
  await timed(warm)
  const times: number[] = []
  for (let count = 0; count < WARM_CALLS; count++) times.push(await timed(warm))
  show('warm call', times)
  console.log(`instances and spares, idle: ${memoryOf(folder)}`)
} finally {
  await runner.close()
  await rm(folder, { recursive: true, force: true })
}

/** Of the processes that have a folder in their command line; in megabytes, the mean of each. */
function memoryOf(path: string): string {
  const found = readdirSync('/proc').flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${path}/program`)) return []
      return [readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')]
    } catch {
      return []
    }
  })
  const mean = (name: string) => {
    const kilobytes = found.map((text) =>
      Number(new RegExp(`^${name}: +(\\d+)`, 'm').exec(text)?.[1]),
    )
    return (kilobytes.reduce((sum, one) => sum + one, 0) / found.length / 1024).toFixed(1)
  }
  return `${found.length} processes, Rss ${mean('Rss')} MB, Pss ${mean('Pss')} MB, Private_Dirty ${mean('Private_Dirty')} MB`
}
