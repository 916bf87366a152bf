import { describe, expect, test, vi } from 'vitest'
import { consumeInvocations, type Delivery } from '../../src/delivery/consume-invocations.ts'
import { encodeQueuedEvent } from '../../src/delivery/queued-event.ts'
import { memoryCodeStore } from '../../src/platform/memory/memory-code-store.ts'
import type { AcceptedEvent, FunctionInboxes } from '../../src/ports/function-inboxes.ts'

function deliveryOf(body: unknown, attempts = 1) {
  const settlements: string[] = []
  const delivery: Delivery = {
    id: 'message',
    body,
    attempts,
    ack: () => void settlements.push('ack'),
    retry: (options) => void settlements.push(`retry after ${options?.delaySeconds ?? 0} s`),
  }
  return { delivery, settlements }
}

const event = (functionName: string, requestId: string): AcceptedEvent => ({
  functionName,
  requestId,
  acceptedAtMilliseconds: 1,
  payload: '{"a":1}\n',
})

type Accepting = (functionName: string) => Promise<'taken' | 'full'>

function inboxes(accept: Accepting = () => Promise.resolve('taken')) {
  const accepted: [string, string[]][] = []
  const target: FunctionInboxes = {
    async accept(functionName, events) {
      const answer = await accept(functionName)
      if (answer === 'taken') accepted.push([functionName, events.map((one) => one.requestId)])
      return answer
    },
  }
  return { accepted, inboxes: target }
}

describe('consumeInvocations', () => {
  test('hands each function its events in one call and acks every message once', async () => {
    const target = inboxes()
    const messages = [event('a', '1'), event('b', '2'), event('a', '3')].map((one) =>
      deliveryOf(encodeQueuedEvent(one)),
    )
    await consumeInvocations(
      { inboxes: target.inboxes, code: memoryCodeStore() },
      messages.map((message) => message.delivery),
    )
    expect(target.accepted).toEqual([
      ['a', ['1', '3']],
      ['b', ['2']],
    ])
    expect(messages.map((message) => message.settlements)).toEqual([['ack'], ['ack'], ['ack']])
  })

  test.each([
    { name: 'text', body: 'hello', text: 'hello' },
    { name: 'bytes without a header', body: new Uint8Array([1, 2, 3]) },
    { name: 'a header that is none', body: new TextEncoder().encode('{"x":1}\n{}'), text: 'x' },
    { name: 'a claim check outside payload/', body: claim('code/a/1.zip') },
    { name: 'undefined', body: undefined },
  ])('logs and acks a body that is $name', async ({ body, text = '' }) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { delivery, settlements } = deliveryOf(body)
    await consumeInvocations({ inboxes: inboxes().inboxes, code: memoryCodeStore() }, [delivery])
    expect(settlements).toEqual(['ack'])
    expect(log.mock.calls).toEqual([[expect.stringContaining(text)]])
    log.mockRestore()
  })

  test('hands spilled events over in slices, whatever the batch', async () => {
    const code = memoryCodeStore()
    const payloads = Array.from({ length: 20 }, (_, n) => `"payload ${n}"`)
    const messages = await Promise.all(
      payloads.map(async (payload, n) => {
        const payloadKey = `payload/a/${n}`
        const bytes = new TextEncoder().encode(payload)
        await code.put(payloadKey, new Blob([bytes]).stream(), bytes.byteLength)
        const header = { functionName: 'a', requestId: String(n), acceptedAtMilliseconds: 1 }
        return deliveryOf(encodeQueuedEvent({ ...header, payloadKey }))
      }),
    )
    const slices: string[][] = []
    const target = inboxes()
    target.inboxes.accept = (_name, events) => {
      slices.push(events.map((one) => one.payload))
      return Promise.resolve('taken')
    }
    const deliveries = messages.map((message) => message.delivery)
    await consumeInvocations({ inboxes: target.inboxes, code }, deliveries)
    expect(slices.map((slice) => slice.length)).toEqual([8, 8, 4])
    expect(slices.flat()).toEqual(payloads)
    expect(messages.every((message) => message.settlements.join() === 'ack')).toBe(true)
    expect(await code.head('payload/a/19')).toBeUndefined()
  })

  test('leaves events in the queue that their function has no room for', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const target = inboxes(() => Promise.resolve('full'))
    const { delivery, settlements } = deliveryOf(encodeQueuedEvent(event('a', '1')), 3)
    await consumeInvocations({ inboxes: target.inboxes, code: memoryCodeStore() }, [delivery])
    expect(settlements).toEqual(['retry after 8 s'])
    log.mockRestore()
  })

  test('retries only the messages of the function that could not take them', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const target = inboxes((name) =>
      name === 'bad' ? Promise.reject(new Error('gone')) : Promise.resolve('taken'),
    )
    const good = deliveryOf(encodeQueuedEvent(event('good', '1')))
    const bad = deliveryOf(encodeQueuedEvent(event('bad', '2')), 20)
    await consumeInvocations({ inboxes: target.inboxes, code: memoryCodeStore() }, [
      bad.delivery,
      good.delivery,
    ])
    expect(good.settlements).toEqual(['ack'])
    expect(bad.settlements).toEqual(['retry after 300 s'])
    log.mockRestore()
  })
})

function claim(payloadKey: string): Uint8Array {
  const header = { functionName: 'a', requestId: '1', acceptedAtMilliseconds: 1, payloadKey }
  return new TextEncoder().encode(`${JSON.stringify(header)}\n`)
}
