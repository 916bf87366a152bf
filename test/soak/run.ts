import { parseArgs } from 'node:util'
import { soak } from './soak-world.ts'

// npm run soak -- --seeds 20 --events 5000 --from 1

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    events: { type: 'string', default: '5000' },
    from: { type: 'string', default: '1' },
  },
})

// What goes wrong on purpose is logged by the gateway, thousands of times.
console.error = () => undefined
const from = Number(values.from)
for (let seed = from; seed < from + Number(values.seeds); seed += 1) {
  const startedAt = performance.now()
  const account = await soak(seed, Number(values.events))
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
  console.log(`seed ${seed}, ${seconds} s: ${JSON.stringify(account)}`)
}
