import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeQueuedEvent } from '../../src/delivery/queued-event.ts'
import type { AcceptedEvent } from '../../src/ports/function-inboxes.ts'
import { pumpName } from '../../src/ports/pumps.ts'
import { draftOf } from '../contracts/function-actor.ts'
import { until } from '../support/local-gateway.ts'
import { ROLE, zipOf } from '../support/memory-gateway.ts'
import { workerdPorts, type WorkerdPorts } from '../support/workerd-ports.ts'

// What no request can bring about, on the ports of a real workerd. A function has no retries here:
// the first failure of its own is its last.

let ports: WorkerdPorts

beforeAll(async () => {
  ports = await workerdPorts({ INVOKE_RETRY_DELAYS: '' })
})

afterAll(() => ports.close())

const FAILS = zipOf({ 'index.js': "exports.handler = function (e, c) { c.done('refused') }" })

function eventFor(functionName: string, payload = '{}'): AcceptedEvent {
  const requestId = crypto.randomUUID()
  return { functionName, requestId, acceptedAtMilliseconds: Date.now(), payload }
}

async function lettersOf(functionName: string) {
  return (await ports.deadLetters.list(functionName, 100)).letters
}

describe('a failure of the platform', () => {
  test('uses up none of the function’s tries: code that is late runs when it is there', async () => {
    const codeKey = 'code/late/1.zip'
    const record = await ports.registry.upload(draftOf('late'), codeKey)
    const call = { requestId: crypto.randomUUID(), attempt: 1, slot: 0, payload: '{}' }
    expect(await ports.runner.run({ record, ...call })).toEqual({
      ran: false,
      reason: expect.stringContaining('code/late/1.zip is not in the code store'),
    })
    const event = eventFor('late')
    await ports.inboxes.accept('late', [event])
    await ports.code.put(codeKey, { bytes: FAILS, breaks: false }, FAILS.byteLength)
    await until(async () => (await lettersOf('late')).length > 0)
    expect(await lettersOf('late')).toMatchObject([
      { requestId: event.requestId, reason: 'refused', attempts: [{ errorMessage: 'refused' }] },
    ])
  })
})

describe('the invocation queue', () => {
  const CLAIM = { functionName: 'q', requestId: 'r', acceptedAtMilliseconds: 1 }

  test.each<{ name: string; body: unknown; recorded: string }>([
    { name: 'text', body: 'hello there', recorded: 'hello there' },
    { name: 'an object', body: { functionName: 'q' }, recorded: 'functionName' },
    { name: 'bytes', body: new Uint8Array([0xff, 0x0a, 0x7b]), recorded: 'unreadable message' },
    {
      name: 'a claim check for what is no event',
      body: encodeQueuedEvent({ ...CLAIM, payloadKey: 'code/late/1.zip' }),
      recorded: 'code/late/1.zip',
    },
  ])('with $name in it: that is recorded, and goes round no more', async ({ body, recorded }) => {
    const faults = () => ports.printed().filter((line) => line.includes('unreadable message'))
    const before = faults().length
    await ports.queue.send(body)
    const event = eventFor('nobody')
    await ports.queue.send(encodeQueuedEvent(event))
    await until(async () =>
      (await lettersOf('nobody')).some((letter) => letter.requestId === event.requestId),
    )
    await until(() => faults().length > before)
    expect(faults().slice(before)).toEqual([expect.stringContaining(recorded)])
  })

  test('with the same event in it twice has it run once', async () => {
    const event = eventFor('twice', '{"n":12345678901234567890}')
    const message = encodeQueuedEvent(event)
    await ports.queue.send(message)
    await ports.queue.send(message)
    await until(async () => (await lettersOf('twice')).length > 0)
    expect(await lettersOf('twice')).toMatchObject([
      { payload: event.payload, reason: 'Function not found: it was never uploaded' },
    ])
  })
})

describe('a pump that was stopped', () => {
  const EventSource = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks'
  const mapping = { UUID: 'u', EventSource, FunctionName: 'fed', BatchSize: 1, Role: ROLE }
  const job = { shardId: 'shardId-000000000000', mapping }

  test('can be stopped again, for its answer may be lost, and be started again', async () => {
    const pump = pumpName(mapping.UUID, job.shardId)
    for (let round = 0; round < 2; round++) {
      await ports.pumps.start(pump, job, { kind: 'trimHorizon' })
      await ports.pumps.stop(pump)
      await ports.pumps.stop(pump)
    }
  })
})
