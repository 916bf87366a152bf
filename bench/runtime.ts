import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { zipOf } from '../test/support/memory-gateway.ts'
import { startWorkerd } from '../test/support/workerd.ts'
import type { BenchRequest } from './runtime-calls.ts'

// What the runtime adds to a Dynamic Worker: calls of functions beside bare calls of an empty
// module, in turns and in one run, timed inside the same Worker. Ratios hold; times only indicate.

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } })
const rounds = Number(values.rounds)
const WARM_CALLS = 25
const COLD_CALLS = 4

const index = (requires: string) =>
  `${requires}\nexports.handler = function (event, context) { context.done(null, 'done') }`

/** Three small files, as most functions of the time had. */
const small = zipOf({
  'index.js': index("var a = require('./lib/a')"),
  'lib/a.js': "exports.b = require('./b')",
  'lib/b.js': 'exports.c = 1',
})

/** 500 files of 10 KB, of which three are required. A file that is not would throw. */
const large = zipOf({
  'index.js': index("require('./lib/0'); require('./lib/1'); require('./lib/2')"),
  ...Object.fromEntries(
    Array.from({ length: 499 }, (_, n) => [`lib/${n}.js`, scriptOf(n, 10_240, n < 3)]),
  ),
})

const { harness } = await startWorkerd('bench/runtime-worker/worker.ts')
let lastId = 0
const fresh = () => `${++lastId}`

async function store(codeKey: string, zip: Uint8Array<ArrayBuffer>): Promise<void> {
  await harness.fetch(`/${codeKey}`, { method: 'PUT', body: zip })
}

/** Milliseconds of one call, on average over these. */
async function time(request: BenchRequest): Promise<number> {
  const response = await harness.fetch('/', { method: 'POST', body: JSON.stringify(request) })
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return Number(text) / request.ids.length
}

const bare = (ids: string[]) => time({ kind: 'bare', ids, codeKey: '', isPaused: true })
const run = (ids: string[], zip: string, isPaused = true) =>
  time({ kind: 'function', ids, codeKey: `code/bench/${zip}.zip`, isPaused })

const colds = () => Array.from({ length: COLD_CALLS }, fresh)
const warms = (id: string) => Array.from({ length: WARM_CALLS }, () => id)

try {
  await store('code/bench/small.zip', small)
  await store('code/bench/large.zip', large)
  const [bareId, smallId] = [fresh(), fresh()]
  const measures = {
    bareWarm: () => bare(warms(bareId)),
    warm: () => run(warms(smallId), 'small'),
    backToBack: () => run(warms(smallId), 'small', false),
    bareCold: () => bare(colds()),
    smallCold: () => run(colds(), 'small'),
    largeCold: () => run([fresh()], 'large'),
  }
  const times = new Map<string, number[]>()
  for (let round = 0; round <= rounds; round++) {
    for (const [name, measure] of Object.entries(measures)) {
      const milliseconds = await measure()
      // The first round warms up.
      if (round > 0) times.set(name, [...(times.get(name) ?? []), milliseconds])
    }
  }
  const quantile = (name: keyof typeof measures, part: number) => {
    const sorted = (times.get(name) ?? []).sort((a, b) => a - b)
    return sorted[Math.floor((sorted.length - 1) * part)] ?? NaN
  }
  const row = (label: string, name: keyof typeof measures, base: keyof typeof measures) => {
    const [median, bareMedian] = [quantile(name, 0.5), quantile(base, 0.5)]
    console.log(
      `${label}: ${median.toFixed(2)} ms, bare ${bareMedian.toFixed(2)} ms, ` +
        `ratio ${(median / bareMedian).toFixed(2)} ` +
        `(best ${quantile(name, 0).toFixed(2)} and ${quantile(base, 0).toFixed(2)} ms)`,
    )
  }
  row('warm', 'warm', 'bareWarm')
  row('warm, back to back, logs written whenever there is time', 'backToBack', 'bareWarm')
  row('cold, 3 files', 'smallCold', 'bareCold')
  row('cold, 500 files of 5 MB', 'largeCold', 'bareCold')
  console.log(`medians of ${rounds} rounds; load ${loadavg()[0]?.toFixed(2)}`)
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
