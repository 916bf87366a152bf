import { parseArgs } from 'node:util'
import { sign } from '../test/support/sign.ts'
import { startKinesalite } from '../test/support/kinesalite.ts'
import { startGateway, until } from '../test/support/local-gateway.ts'

// PutRecords of 500 records each, against `npm start` and against kinesalite, by turns, so that a
// busy machine is as busy for both: records a second into one shard and into eight. Everything runs
// on this machine, the load too; its requests are signed beforehand.

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '4' },
  },
})
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)
const connections = Number(values.connections)

const BATCH = 500
const SHARDS = [1, 8]
const RECORD_BYTES = [100, 1000, 10_000]
/** Different bodies, sent again and again. */
const BODIES = 8

interface Server {
  name: string
  url: string
}

interface SignedCall {
  url: string
  headers: Record<string, string>
  body: string
}

async function signed({ url }: Server, operation: string, input: object): Promise<SignedCall> {
  const body = JSON.stringify(input)
  const headers = await sign('POST', `${url}/`, body, {
    service: 'kinesis',
    signed: {
      'x-amz-target': `Kinesis_20131202.${operation}`,
      'content-type': 'application/x-amz-json-1.1',
    },
  })
  return { url, headers: Object.fromEntries(headers), body }
}

async function send({ url, headers, body }: SignedCall): Promise<unknown> {
  const response = await fetch(`${url}/`, { method: 'POST', headers, body })
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text === '' ? undefined : JSON.parse(text)
}

async function createStream(server: Server, StreamName: string, ShardCount: number): Promise<void> {
  await send(await signed(server, 'CreateStream', { StreamName, ShardCount }))
  const describe = await signed(server, 'DescribeStreamSummary', { StreamName })
  await until(async () => JSON.stringify(await send(describe)).includes('"ACTIVE"'))
}

function putBodies(server: Server, StreamName: string, recordBytes: number) {
  return Promise.all(
    Array.from({ length: BODIES }, (_, body) => {
      const Records = Array.from({ length: BATCH }, (_unused, n) => ({
        PartitionKey: `key-${body}-${n}`,
        Data: Buffer.alloc(recordBytes, `${body}-${n}-`).toString('base64'),
      }))
      return signed(server, 'PutRecords', { StreamName, Records })
    }),
  )
}

/** Records put in a second. */
async function putFor(calls: SignedCall[], milliseconds: number): Promise<number> {
  let records = 0
  let sent = 0
  const startedAt = performance.now()
  const worker = async () => {
    while (performance.now() - startedAt < milliseconds) {
      const call = calls[sent++ % calls.length]
      if (call === undefined) return
      const answer = (await send(call)) as { FailedRecordCount?: number }
      if (answer.FailedRecordCount !== 0) throw new Error(JSON.stringify(answer).slice(0, 500))
      records += BATCH
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  return records / ((performance.now() - startedAt) / 1000)
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN
}

const gateway = await startGateway()
const kinesalite = await startKinesalite()
try {
  const servers: Server[] = [
    { name: 'gateway', url: gateway.url },
    { name: 'kinesalite', url: kinesalite.url },
  ]
  for (const recordBytes of RECORD_BYTES) {
    for (const shards of SHARDS) {
      const streamName = `put-${recordBytes}-${shards}`
      const rates = new Map<string, number[]>()
      for (let round = -1; round < rounds; round++) {
        for (const server of servers) {
          if (round < 0) await createStream(server, streamName, shards)
          const calls = await putBodies(server, streamName, recordBytes)
          const rate = await putFor(calls, round < 0 ? 1000 : seconds * 1000)
          if (round >= 0) rates.set(server.name, [...(rates.get(server.name) ?? []), rate])
        }
      }
      const [ours = NaN, theirs = NaN] = servers.map(({ name }) => median(rates.get(name) ?? []))
      console.log(
        `PutRecords, ${BATCH} of ${recordBytes} bytes, ${shards} shard(s), ${connections} connections: ` +
          `gateway ${ours.toFixed(0)} records/s, kinesalite ${theirs.toFixed(0)}, ` +
          `${(ours / theirs).toFixed(2)} times as many`,
      )
      for (const server of servers) {
        await send(await signed(server, 'DeleteStream', { StreamName: streamName }))
      }
    }
  }
} finally {
  await kinesalite.stop()
  await gateway.stop()
}
