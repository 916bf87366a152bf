import { parseArgs } from 'node:util'
import { EDITIONS } from './edition.ts'
import { liveThroughKills } from './kill-world.ts'

// npm run soak:kills -- --kills 50 --seed 1 --edition deno

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    edition: { type: 'string', default: 'workers' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
  },
})
const seed = Number(values.seed)
const edition = values.edition === 'deno' ? EDITIONS.deno : EDITIONS.workers
console.log(`seed ${seed}`)
const startedAt = performance.now()
const account = await liveThroughKills({
  edition,
  seed,
  kills: Number(values.kills),
  report: (line) => console.log(line),
})
const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
console.log(`${seconds} s, nothing promised was broken: ${JSON.stringify(account)}`)
