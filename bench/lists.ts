import { parseArgs } from 'node:util'
import { recordOf } from '../test/contracts/function-store.ts'
import { signedRequest } from '../test/support/signed-request.ts'
import { workerdPorts, type WorkerdPorts } from '../test/support/workerd-ports.ts'

// What a page of ListFunctions costs with few functions and with many: over signed HTTP, each
// count in a real workerd of its own, and by turns, so that a busy machine is as busy for both.

const { values } = parseArgs({
  options: {
    few: { type: 'string', default: '100' },
    many: { type: 'string', default: '10000' },
    requests: { type: 'string', default: '300' },
  },
})
const requests = Number(values.requests)
const AT_ONCE = 32
const PAGE = 50
const WARM_UP = 20

interface ListAnswer {
  Functions: unknown[]
  NextMarker?: string
}

async function workerdWith(count: number): Promise<WorkerdPorts> {
  const workerd = await workerdPorts()
  let made = 0
  const worker = async () => {
    while (made < count) {
      const name = `function-${String(made++).padStart(6, '0')}`
      await workerd.functions.put(recordOf(name, { Description: 'One of very many functions' }))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return workerd
}

/** One page, and how many milliseconds it took. */
async function page({ origin }: WorkerdPorts, marker?: string) {
  const query = `MaxItems=${PAGE}${marker === undefined ? '' : `&Marker=${marker}`}`
  const request = await signedRequest(`${origin}/2014-11-13/functions/?${query}`)
  const startedAt = performance.now()
  const response = await fetch(request)
  const answer = (await response.json()) as ListAnswer
  const milliseconds = performance.now() - startedAt
  if (answer.Functions.length !== PAGE) throw new Error(JSON.stringify(answer).slice(0, 500))
  return { milliseconds, next: answer.NextMarker }
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}

const [few, many] = [await workerdWith(Number(values.few)), await workerdWith(Number(values.many))]
try {
  const times: { few: number[]; many: number[] } = { few: [], many: [] }
  for (let n = -WARM_UP; n < requests; n++) {
    const [one, other] = [await page(few), await page(many)]
    if (n < 0) continue
    times.few.push(one.milliseconds)
    times.many.push(other.milliseconds)
  }
  const walk: number[] = []
  for (let marker: string | undefined, at = 0; at === 0 || marker !== undefined; at++) {
    const { milliseconds, next } = await page(many, marker)
    walk.push(milliseconds)
    marker = next
  }
  const [ofFew, ofMany] = [median(times.few), median(times.many)]
  console.log(`a page of ${PAGE} among ${values.few}: median ${ofFew.toFixed(2)} ms`)
  console.log(`a page of ${PAGE} among ${values.many}: median ${ofMany.toFixed(2)} ms`)
  console.log(`ratio ${(ofMany / ofFew).toFixed(2)}`)
  console.log(`all ${walk.length} pages of ${values.many}: median ${median(walk).toFixed(2)} ms`)
} finally {
  await few.close()
  await many.close()
}
