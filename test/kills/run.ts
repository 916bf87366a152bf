import { parseArgs } from 'node:util'
import { WORKERD } from './edition.ts'
import { liveThroughKills } from './kill-world.ts'

// npm run soak:kills -- --kills 50 --seed 1

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
  },
})
const seed = Number(values.seed)
console.log(`seed ${seed}`)
const startedAt = performance.now()
const account = await liveThroughKills({
  edition: WORKERD,
  seed,
  kills: Number(values.kills),
  report: (line) => console.log(line),
})
const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
console.log(`${seconds} s, nothing promised was broken: ${JSON.stringify(account)}`)
