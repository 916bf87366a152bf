import { parseArgs } from 'node:util'
import { startKinesalite } from '../test/support/kinesalite.ts'
import { startGateway, until } from '../test/support/local-gateway.ts'
import { createStream, kinesisAt, putTexts, streamClient } from '../test/support/stream-client.ts'
import { startWitness } from '../test/support/witness.ts'

// Records on their way to a function of `npm start`, from streams of its own and from kinesalite's:
// how many a second it gets in batches of 100, and how long one takes from its PutRecord being sent
// to the function's first sign of life. Everything runs on this machine, the load too.

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '20000' },
    singles: { type: 'string', default: '200' },
  },
})
const records = Number(values.records)
const singles = Number(values.singles)

const SHARDS = [1, 8]
const TEXT = 'x'.repeat(90)

const witness = await startWitness()
const kinesalite = await startKinesalite()
const FUNCTION_OUTBOUND = `public,127.0.0.1:${witness.port}`
const own = await startGateway({ variables: { FUNCTION_OUTBOUND } })
const foreign = await startGateway({
  variables: {
    FUNCTION_OUTBOUND,
    KINESIS_ENDPOINT: kinesalite.url,
    KINESIS_ACCESS_KEY_ID: 'theirs',
    KINESIS_SECRET_ACCESS_KEY: 'theirs',
  },
})

const sources = [
  { name: 'own', gateway: own, kinesis: kinesisAt(own.url) },
  { name: 'kinesalite', gateway: foreign, kinesis: kinesisAt(kinesalite.url) },
]
type Source = (typeof sources)[number]

function quantile(sorted: number[], part: number): string {
  return `${(sorted[Math.floor((sorted.length - 1) * part)] ?? NaN).toFixed(1)} ms`
}

/** Records are there before they are asked for: what is measured is their delivery alone. */
async function deliver({ name, gateway, kinesis }: Source, shards: number): Promise<void> {
  const client = streamClient(gateway.url, witness)
  const functionName = `${name}-${shards}`
  const stream = `delivery-${shards}`
  await createStream(kinesis, stream, shards)
  await putTexts(
    kinesis,
    stream,
    Array.from({ length: records }, (_, n) => `${n}${TEXT}`),
  )
  await client.upload(functionName)
  const startedAt = performance.now()
  const UUID = await client.add(functionName, stream, { BatchSize: 100 })
  const count = () => client.batchesOf(functionName).reduce((sum, batch) => sum + batch.length, 0)
  await until(() => witness.count(`/${functionName}`) >= records / 100 && count() >= records)
  const seconds = (performance.now() - startedAt) / 1000
  await client.call('removeEventSource', { UUID })
  const batches = witness.count(`/${functionName}`)
  const rate = `${(records / seconds).toFixed(0)} records/s`
  console.log(`delivered from ${name}, ${shards} shard(s): ${rate} in ${batches} batches`)
}

/** A signed request that is refused as soon as it is known: the least that any request takes. */
async function timeEmpty({ kinesis }: Source): Promise<number> {
  const sentAt = performance.now()
  await kinesis
    .describeLimits()
    .promise()
    .catch(() => undefined)
  return performance.now() - sentAt
}

async function latency(source: Source): Promise<void> {
  const { name, gateway, kinesis } = source
  const client = streamClient(gateway.url, witness)
  const functionName = `${name}-single`
  await createStream(kinesis, 'single', 1)
  await client.upload(functionName)
  const UUID = await client.add(functionName, 'single')
  const times = { handler: [] as number[], answer: [] as number[], empty: [] as number[] }
  for (let n = -10; n < singles; n++) {
    const before = witness.count(`/${functionName}`)
    const sentAt = performance.now()
    await kinesis
      .putRecord({ StreamName: 'single', PartitionKey: 'key', Data: String(n) })
      .promise()
    const answeredAt = performance.now()
    await until(() => witness.count(`/${functionName}`) > before)
    const seenAt = witness.seen(`/${functionName}`).at(-1)?.atMilliseconds ?? NaN
    const empty = await timeEmpty(source)
    if (n < 0) continue
    times.handler.push(seenAt - sentAt)
    times.answer.push(answeredAt - sentAt)
    times.empty.push(empty)
  }
  await client.call('removeEventSource', { UUID })
  const told = (numbers: number[]) => {
    const sorted = numbers.toSorted((a, b) => a - b)
    return `p50 ${quantile(sorted, 0.5)}, p99 ${quantile(sorted, 0.99)}`
  }
  console.log(`put to handler from ${name}: ${told(times.handler)}`)
  console.log(`  put to its answer: ${told(times.answer)}`)
  console.log(`  a request that does nothing, and its answer: ${told(times.empty)}`)
}

try {
  for (const source of sources) {
    for (const shards of SHARDS) await deliver(source, shards)
  }
  for (const source of sources) await latency(source)
} finally {
  await own.stop()
  await foreign.stop()
  await kinesalite.stop()
  await witness.stop()
}
