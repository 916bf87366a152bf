import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { zipOf } from '../test/support/memory-gateway.ts'
import { startWorkerd } from '../test/support/workerd.ts'
import type { BenchCall, BenchRequest, BenchTimes, Feature } from './runtime-calls.ts'

// What the runtime adds to a Dynamic Worker: calls of functions beside bare calls of an empty
// module, and beside bare calls with what a function's call cannot be without. All in turns and in
// one run, timed inside the same Worker. Ratios hold; times only indicate.

const { values } = parseArgs({ options: { blocks: { type: 'string', default: '15' } } })
const blocks = Number(values.blocks)
const WARM_ROUNDS = 20
const BACK_TO_BACK_ROUNDS = 50

const index = (requires: string) =>
  `${requires}\nexports.handler = function (event, context) { context.done(null, 'done') }`

const ZIPS = {
  /** Three small files, as most functions of the time had. */
  small: zipOf({
    'index.js': index("var a = require('./lib/a')"),
    'lib/a.js': "exports.b = require('./b')",
    'lib/b.js': 'exports.c = 1',
  }),
  /** 500 files of 10 KB, of which three are required. A file that is not would throw. */
  large: zipOf({
    'index.js': index("require('./lib/0'); require('./lib/1'); require('./lib/2')"),
    ...Object.fromEntries(
      Array.from({ length: 499 }, (_, n) => [`lib/${n}.js`, scriptOf(n, 10_240, n < 3)]),
    ),
  }),
}

interface Row extends BenchCall {
  label: string
}

const warmBare = (label: string, ...features: Feature[]): Row => {
  return { label, kind: 'bare', features, id: `bare ${features.join(' ')}` }
}
const ofFunction = (label: string, zip: keyof typeof ZIPS, ...features: Feature[]): Row => {
  return { label, kind: 'function', features, codeKey: `code/bench/${zip}.zip` }
}
const needed: Feature[] = ['signal', 'outbound', 'tail', 'header']

const warm: Row[] = [
  warmBare('bare'),
  warmBare('bare, with a signal that may abort it', 'signal'),
  warmBare('bare, with a way out through an entrypoint', 'outbound'),
  warmBare('bare, with a tail worker', 'tail'),
  warmBare('bare, answering in a header', 'header'),
  warmBare('bare, behind an entrypoint', 'entrypoint'),
  warmBare('bare, with all of these but the entrypoint', ...needed),
  warmBare('bare, with all of these', 'entrypoint', ...needed),
  { ...ofFunction('function, as a Durable Object calls it', 'small'), id: 'own' },
  { ...ofFunction('function, behind an entrypoint', 'small', 'entrypoint'), id: 'behind' },
]
const cold: Row[] = [
  { label: 'bare', kind: 'bare', features: [] },
  { label: 'bare, with all of these', kind: 'bare', features: ['entrypoint', ...needed] },
  ofFunction('function of 3 files', 'small'),
  ofFunction('function of 500 files, 5 MB', 'large'),
]
const busy: Row[] = warm.filter(({ id }) => id === 'bare ' || id === 'own')

const { harness } = await startWorkerd('bench/runtime-worker/worker.ts')

async function measure(calls: Row[], rounds: number, isPaused: boolean): Promise<BenchTimes> {
  const request: BenchRequest = { calls, rounds, isPaused }
  const response = await harness.fetch('/', { method: 'POST', body: JSON.stringify(request) })
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return JSON.parse(text) as BenchTimes // the bench's own worker
}

async function measureEach(rows: Row[], rounds: number): Promise<BenchTimes> {
  const times: BenchTimes = []
  for (const row of rows) times.push(...(await measure([row], rounds, false)))
  return times
}

const mean = (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length

/** Clocks in a Worker count whole milliseconds: means of blocks of calls, and their median. */
async function table(title: string, rows: Row[], rounds: number, isPaused: boolean): Promise<void> {
  const means: number[][] = rows.map(() => [])
  // The first block warms up.
  for (let block = 0; block <= blocks; block++) {
    // Without pauses, calls in turns would wait for each other's logs.
    const times = isPaused ? await measure(rows, rounds, true) : await measureEach(rows, rounds)
    for (const [row, ofRow] of times.entries()) if (block > 0) means[row]?.push(mean(ofRow))
  }
  console.log(title)
  const quantile = (row: number, part: number) => {
    const sorted = (means[row] ?? []).sort((a, b) => a - b)
    return sorted[Math.floor((sorted.length - 1) * part)] ?? NaN
  }
  for (const [row, { label }] of rows.entries()) {
    const [median, best] = [quantile(row, 0.5), quantile(row, 0)]
    const ratios = `${(median / quantile(0, 0.5)).toFixed(2)} × bare`
    console.log(
      `  ${label.padEnd(44)} ${median.toFixed(2)} ms, ${ratios} (best block ${best.toFixed(2)} ms)`,
    )
  }
}

try {
  for (const [name, body] of Object.entries(ZIPS)) {
    await harness.fetch(`/code/bench/${name}.zip`, { method: 'PUT', body })
  }
  await table('warm, with pauses', warm, WARM_ROUNDS, true)
  await table('warm, back to back: logs are written in between', busy, BACK_TO_BACK_ROUNDS, false)
  await table('cold', cold, 4, true)
  console.log(`medians of ${blocks} blocks; load ${loadavg()[0]?.toFixed(2)}`)
} finally {
  await harness.close()
}

function scriptOf(seed: number, bytes: number, isRequired: boolean): string {
  let source = isRequired ? '' : "throw new Error('required by nobody')\n"
  for (let n = 0; source.length < bytes; n++) {
    source += `exports.f${n} = function (a, b) { return a * ${(seed * 7919 + n * 104729) % 99991} + b }\n`
  }
  return source
}
