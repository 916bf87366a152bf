import { createApp } from '../../src/gateway/app.ts'
import { consumeQueue } from '../../src/delivery/consume-queue.ts'
import { memoryPlatform } from '../../src/platform/memory/memory-ports.ts'
import { fakeClock } from '../support/clock.ts'
import { ORIGIN, ROLE, uploadQuery, zipOf } from '../support/memory-gateway.ts'
import { randomFrom } from '../support/random.ts'
import { sign } from '../support/sign.ts'
import { basicIso } from '../support/wire.ts'
import { disturbance } from './disturbance.ts'
import { soakQueue } from './queue.ts'
import { unrulyRunner } from './unruly-runner.ts'

// A gateway whose every port may go wrong, and clients who upload, change, delete, invoke and put
// records meanwhile. What was promised is noted on this side, and compared in the end.

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const
const STREAM = 'clicks'
const STREAM_ARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${STREAM}`
const ZIP = zipOf()

export interface Account {
  accepted: number
  succeeded: number
  dead: number
  records: number
  /** What went wrong with ports, */
  faults: Record<string, number>
  /** and how functions ended that did not succeed at once. */
  ends: Record<string, number>
}

/** Lives through `events` accepted events, then lets all come to rest. Throws what was broken. */
export async function soak(seed: number, events: number, odds = 0.01): Promise<Account> {
  const random = randomFrom(seed)
  const clock = fakeClock()
  const queue = soakQueue(random, clock.now)
  const trouble = disturbance(random, clock.now, odds)
  const accepted = new Map<string, string>()
  const succeededRuns = new Set<string>()
  const knownCode = new Set<string>()
  const put: string[] = []
  const fed = new Map<string, Set<string>>()
  const faults: string[] = []

  const functions = unrulyRunner(random, clock.now, ({ record, requestId, payload }) => {
    const { FunctionName } = record.configuration
    if (!knownCode.has(record.codeKey)) faults.push(`${requestId} ran on unknown code`)
    const batch = JSON.parse(payload) as { Records?: { kinesis: { data: string } }[] }
    succeededRuns.add(requestId)
    const seen = fed.get(FunctionName) ?? new Set()
    fed.set(FunctionName, seen)
    for (const { kinesis } of batch.Records ?? []) seen.add(atob(kinesis.data))
  })
  const platform = memoryPlatform({
    now: clock.now,
    runner: trouble.disturb('runner', functions.runner),
    disturb: trouble.disturb,
    enqueue: (body) => queue.send(body),
    variables: { FUNCTION_CONCURRENCY: '4', INVOKE_RETRY_DELAYS: '5,10' },
  })
  const { ports } = platform
  const upload = ports.registry.upload.bind(ports.registry)
  ports.registry.upload = (draft, codeKey) => {
    knownCode.add(codeKey)
    return upload(draft, codeKey)
  }
  const app = createApp(
    () => ports,
    () => ports.newId(),
  )

  async function call(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>) {
    const target = path === '/' ? { 'x-amz-target': 'Kinesis_20131202.PutRecords' } : undefined
    const service = target === undefined ? {} : { service: 'kinesis', signed: target }
    const datetime = basicIso(clock.now())
    const headers = await sign(method, ORIGIN + path, body, { datetime, ...service })
    if (body !== undefined) headers.set('content-length', String(Buffer.byteLength(body)))
    return app.request(ORIGIN + path, { method, headers, ...(body === undefined ? {} : { body }) })
  }

  async function invoke(name: string) {
    const path = `/2014-11-13/functions/${name}/invoke-async/`
    // One in fifty is too long for the queue.
    const text = random.chance(0.02) ? 'x'.repeat(130_000) : String(random.below(1000))
    const response = await call('POST', path, JSON.stringify({ text }))
    if (response.status === 202) accepted.set(response.headers.get('x-amzn-RequestId') ?? '', name)
  }

  async function putRecords() {
    const texts = Array.from({ length: 1 + random.below(5) }, () => crypto.randomUUID())
    const Records = texts.map((text) => ({ Data: btoa(text), PartitionKey: text }))
    const response = await call('POST', '/', JSON.stringify({ StreamName: STREAM, Records }))
    if (response.status !== 200) return
    const answer = (await response.json()) as { Records: { SequenceNumber?: string }[] }
    for (const [i, one] of answer.Records.entries()) {
      if (one.SequenceNumber !== undefined) put.push(texts[i] ?? '')
    }
  }

  async function act() {
    const name = random.pick(NAMES)
    const path = `/2014-11-13/functions/${name}`
    const action = random.below(100)
    if (action < 80) await invoke(name)
    else if (action < 92) await putRecords()
    else if (action < 96) await call('PUT', `${path}?${uploadQuery()}`, ZIP)
    else if (action < 98) await call('PUT', `${path}/configuration?Timeout=${1 + random.below(9)}`)
    else if (action < 99) await call('DELETE', path)
    else await call('GET', path)
  }

  async function turn() {
    for (let turns = 0; turns < 3; turns += 1) await new Promise((done) => setImmediate(done))
    trouble.endStalled()
    functions.endLate()
    void consumeQueue(ports, queue.batch())
    await new Promise((done) => setImmediate(done))
  }

  async function pass(milliseconds: number) {
    clock.advance(milliseconds)
    trouble.endStalled()
    await Promise.race([
      platform.fireAlarms(),
      new Promise((done) => setImmediate(() => setImmediate(done))),
    ])
    await turn()
  }

  const upAll = () =>
    Promise.all(
      NAMES.map((name) => call('PUT', `/2014-11-13/functions/${name}?${uploadQuery()}`, ZIP)),
    )
  trouble.calm()
  await upAll()
  await ports.streams.create(STREAM, 2)
  for (const FunctionName of ['a', 'b']) {
    await ports.eventSources.add({
      FunctionName,
      EventSource: STREAM_ARN,
      Role: ROLE,
      BatchSize: 10,
      Parameters: { InitialPositionInStream: 'TRIM_HORIZON' },
    })
  }
  trouble.rage()
  while (accepted.size < events) {
    void act().catch((error: unknown) => faults.push(`a client saw ${String(error)}`))
    await turn()
    if (random.chance(0.05)) await pass(random.below(10_000))
  }
  trouble.calm()
  await pass(60_000)
  await upAll()
  // Long enough for every lease and budget, then for the sweep of what a queue might still bring.
  for (let step = 0; step < 2000; step += 1) await pass(step < 1800 ? 10_000 : 2 * 60 * 60_000)

  for (const [requestId, name] of accepted) {
    const event = await ports.events.get(name, requestId)
    const isDone = event?.state === 'succeeded' || event?.state === 'dead'
    if (event !== undefined && !isDone) faults.push(`${requestId} is ${event.state}`)
    if (event?.state === 'succeeded' && !succeededRuns.has(requestId)) {
      faults.push(`${requestId} did not succeed`)
    }
    // A day later what succeeded is forgotten; then it must have run.
    if (event === undefined && !succeededRuns.has(requestId)) faults.push(`${requestId} is lost`)
  }
  for (const name of ['a', 'b']) {
    const missing = put.filter((text) => fed.get(name)?.has(text) !== true)
    if (missing.length > 0) faults.push(`${name} was not fed ${missing.length} records`)
  }
  const current = await Promise.all(NAMES.map((name) => ports.registry.get(name)))
  const wanted = new Set(current.map((record) => record?.codeKey))
  for (const prefix of ['code/', 'payload/']) {
    for await (const { key } of ports.code.list(prefix)) {
      if (!wanted.has(key)) faults.push(`${key} is an orphan`)
    }
  }
  if (queue.messages.length > 0) faults.push(`${queue.messages.length} messages in the queue`)
  if (faults.length > 0) {
    const told = faults.slice(0, 10).join('; ')
    throw new Error(`Seed ${seed}: ${faults.length} faults: ${told}`)
  }
  const states = await Promise.all(NAMES.map((name) => ports.events.count(name)))
  return {
    accepted: accepted.size,
    succeeded: Array.from(accepted.keys()).filter((id) => succeededRuns.has(id)).length,
    dead: states.reduce((sum, counts) => sum + counts.dead, 0),
    records: put.length,
    faults: trouble.counts,
    ends: functions.counts,
  }
}
