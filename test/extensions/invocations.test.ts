import { describe, expect, test } from 'vitest'
import { expectError } from '../support/expect-error.ts'
import { memoryGateway } from '../support/memory-gateway.ts'
import { FAILED, FAULT, SUCCEEDED, settled } from '../support/scripted-runner.ts'

// What became of events, and what can be done about those that were given up.

const FUNCTION = '/gateway/functions/hello'

async function invoked() {
  const gateway = memoryGateway()
  await gateway.upload('hello')
  const json = async (response: Response) => (await response.json()) as Record<string, unknown>
  return {
    ...gateway,
    async invoke(body = '{}') {
      const response = await gateway.call('POST', '/2014-11-13/functions/hello/invoke-async/', body)
      await settled()
      return response.headers.get('x-amzn-requestid') ?? ''
    },
    get: async (path: string) => json(await gateway.call('GET', FUNCTION + path)),
    post: async (path: string, body: object = {}) =>
      json(await gateway.call('POST', FUNCTION + path, JSON.stringify(body))),
    async pass(milliseconds: number) {
      gateway.clock.advance(milliseconds)
      await gateway.fireAlarms()
      await settled()
    },
  }
}

type Invoked = Awaited<ReturnType<typeof invoked>>

/** An event that failed all its tries. */
async function dead({ script, invoke, pass }: Invoked, body = '{}'): Promise<string> {
  script.willAnswer(FAILED, FAILED, FAILED)
  const requestId = await invoke(body)
  await pass(60_000)
  await pass(120_000)
  return requestId
}

describe('GET /gateway/functions/NAME/invocations/REQUEST_ID', () => {
  test('tells of an event from running to succeeded, and forgets it a day later', async () => {
    const { script, invoke, get, pass, clock } = await invoked()
    const requestId = await invoke()
    expect(await get(`/invocations/${requestId}`)).toEqual({
      RequestId: requestId,
      State: 'running',
      AcceptedAt: '2015-01-06T18:30:35.841+0000',
      Attempts: [],
      PlatformFaults: 0,
      LogLines: [],
    })
    clock.advance(25)
    script.finish({ ran: true, outcome: { kind: 'succeeded' }, instance: 'abc' })
    await settled()
    expect(await get(`/invocations/${requestId}`)).toMatchObject({
      State: 'succeeded',
      Attempts: [
        { StartedAt: '2015-01-06T18:30:35.841+0000', DurationMilliseconds: 25, Instance: 'abc' },
      ],
    })
    for (let hours = 0; hours < 23; hours++) await pass(3_600_000)
    expect(await get(`/invocations/${requestId}`)).toMatchObject({ State: 'succeeded' })
    for (let hours = 0; hours < 2; hours++) await pass(3_600_000)
    expect(await get(`/invocations/${requestId}`)).toHaveProperty('Message')
  })

  test('tells when what failed is tried next, then why it was given up', async () => {
    const { script, invoke, get, pass } = await invoked()
    script.willAnswer(FAILED, FAULT, FAILED, FAILED)
    const requestId = await invoke()
    expect(await get(`/invocations/${requestId}`)).toMatchObject({
      State: 'waiting',
      NextTryAt: '2015-01-06T18:31:35.841+0000',
      Reason: 'nope',
      Attempts: [{ ErrorMessage: 'nope' }],
    })
    await pass(60_000)
    expect(await get(`/invocations/${requestId}`)).toMatchObject({
      State: 'waiting',
      Reason: 'no room',
      PlatformFaults: 1,
      Attempts: [{}],
    })
    await pass(1000)
    await pass(120_000)
    expect(await get(`/invocations/${requestId}`)).toMatchObject({
      State: 'dead',
      DiedAt: '2015-01-06T18:33:36.841+0000',
      Reason: 'nope',
      Attempts: [{}, {}, {}],
    })
  })

  test('tells what was given up without a line of the function’s own', async () => {
    const { call, invoke, get, pass, script } = await invoked()
    script.willAnswer(FAULT)
    const requestId = await invoke()
    await call('DELETE', '/2014-11-13/functions/hello')
    await pass(1000)
    const reason = 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:hello'
    expect(await get(`/invocations/${requestId}`)).toMatchObject({
      State: 'dead',
      Reason: reason,
      LogLines: [`2015-01-06T18:30:36.841Z\t${requestId}\tEvent given up: ${reason}\n`],
    })
  })

  test('shows the lines of its tries, however much the function had written before', async () => {
    const { script, invoke, get, clock, appendLog, pass } = await invoked()
    const print = (logStreamName: string, message: string) => {
      const entries = [{ timestampMilliseconds: clock.now(), message }]
      appendLog('/aws/lambda/hello', [{ logStreamName, entries }])
    }
    // More than one request looks at.
    for (let line = 0; line < 40; line++) print('abc', 'x'.repeat(250_000))
    clock.advance(3_600_000)
    const requestId = await invoke()
    script.finish(FAULT)
    print('lost', `lost try of ${requestId}`)
    await settled()
    await pass(1000)
    const failed = { kind: 'failed', errorMessage: 'nope' } as const
    script.finish({ ran: true, outcome: failed, instance: 'abc' })
    print('abc', `first try of ${requestId}`)
    print('abc', 'first try of another')
    await settled()
    await pass(60_000)
    script.finish({ ran: true, outcome: { kind: 'succeeded' }, instance: 'def' })
    print('def', `second try of ${requestId}`)
    await settled()
    expect(await get(`/invocations/${requestId}`)).toMatchObject({
      LogLines: ['lost', 'first', 'second'].map((which) => `${which} try of ${requestId}`),
    })
  })

  test('says queued of what waits for a place', async () => {
    const gateway = memoryGateway({ variables: { FUNCTION_CONCURRENCY: '1' } })
    await gateway.upload('hello')
    const path = '/2014-11-13/functions/hello/invoke-async/'
    await gateway.call('POST', path, '{}')
    const response = await gateway.call('POST', path, '{}')
    const requestId = response.headers.get('x-amzn-requestid') ?? ''
    const got = await gateway.call('GET', `${FUNCTION}/invocations/${requestId}`)
    expect(await got.json()).toMatchObject({ State: 'queued', NextTryAt: expect.any(String) })
  })

  test('answers 404 for an event that nobody knows', async () => {
    const { call } = await invoked()
    const response = await call('GET', `${FUNCTION}/invocations/nothing`)
    const text = 'Event nothing of function hello is not known'
    const expected = { status: 404, member: 'Message' as const, text }
    await expectError(response, 'ResourceNotFoundException', expected, expect)
  })
})

describe('GET /gateway/functions/NAME/invocations', () => {
  test('lists the newest first, by state, in pages', async () => {
    const gateway = await invoked()
    const { script, invoke, get, clock } = gateway
    const first = await dead(gateway)
    clock.advance(1000)
    script.willAnswer(SUCCEEDED)
    const second = await invoke()
    clock.advance(1000)
    const third = await invoke()
    const idsOf = (page: Record<string, unknown>) =>
      (page.Invocations as { RequestId: string }[]).map((one) => one.RequestId)
    expect(idsOf(await get('/invocations'))).toEqual([third, second, first])
    expect(idsOf(await get('/invocations?State=succeeded'))).toEqual([second])
    const page = await get('/invocations?MaxItems=2')
    expect(idsOf(page)).toEqual([third, second])
    const rest = await get(`/invocations?MaxItems=2&Marker=${String(page.NextMarker)}`)
    expect(idsOf(rest)).toEqual([first])
    expect(rest).not.toHaveProperty('NextMarker')
    expect(await get('/invocations/count')).toEqual({
      Queued: 0,
      Running: 1,
      Waiting: 0,
      Succeeded: 1,
      Dead: 1,
    })
  })

  test.each(['State=lost', 'MaxItems=0', 'MaxItems=1001', 'Marker=x'])(
    'refuses %s',
    async (query) => {
      const { call } = await invoked()
      expect((await call('GET', `${FUNCTION}/invocations?${query}`)).status).toBe(400)
    },
  )
})

describe('dead letters', () => {
  test('are sent again under their request id, with all their tries anew', async () => {
    const gateway = await invoked()
    const { script, get, post, pass } = gateway
    const requestId = await dead(gateway, '{"n":1}')
    expect(await get(`/dead-letters/${requestId}`)).toMatchObject({ Payload: '{"n":1}' })
    script.willAnswer(FAILED, SUCCEEDED)
    expect(await post('/dead-letters/redrive', { RequestIds: [requestId, 'x'] })).toEqual({
      Redriven: 1,
    })
    await settled()
    await pass(60_000)
    expect(script.started.map((one) => one.payload)).toEqual(Array(5).fill('{"n":1}'))
    expect(script.started.at(-1)).toMatchObject({ requestId })
    const told = await get(`/invocations/${requestId}`)
    expect(told).toMatchObject({ State: 'succeeded' })
    expect(told.Attempts).toHaveLength(5)
    expect(await get('/dead-letters')).toEqual({ DeadLetters: [] })
  })

  test('are all sent again, or all purged', async () => {
    const gateway = await invoked()
    const { script, get, post } = gateway
    for (let n = 0; n < 3; n++) await dead(gateway)
    script.willAnswer(SUCCEEDED, SUCCEEDED, SUCCEEDED)
    expect(await post('/dead-letters/redrive')).toEqual({ Redriven: 3 })
    await settled()
    expect(await get('/invocations/count')).toMatchObject({ Succeeded: 3, Dead: 0 })
    for (let n = 0; n < 2; n++) await dead(gateway)
    expect(await post('/dead-letters/purge')).toEqual({ Purged: 2 })
    expect(await get('/dead-letters')).toEqual({ DeadLetters: [] })
    expect(await post('/dead-letters/purge')).toEqual({ Purged: 0 })
  })

  test('that are not there are neither found nor touched', async () => {
    const { call, script, invoke, get, post } = await invoked()
    script.willAnswer(SUCCEEDED)
    const requestId = await invoke()
    expect((await call('GET', `${FUNCTION}/dead-letters/${requestId}`)).status).toBe(404)
    expect(await post('/dead-letters/purge', { RequestIds: [requestId] })).toEqual({ Purged: 0 })
    expect(await get(`/invocations/${requestId}`)).toMatchObject({ State: 'succeeded' })
  })

  test.each([
    '{"RequestIds":[]}',
    '{"RequestIds":"x"}',
    '{"RequestIds":["a b"]}',
    '{"RequestIds":[1]}',
    '{"requestIds":["r"]}',
    '{"RequestId":"r"}',
    '{"FunctionName":"hello"}',
    '[]',
    '',
  ])('are not chosen by %o', async (body) => {
    const gateway = await invoked()
    await dead(gateway)
    for (const action of ['redrive', 'purge']) {
      const path = `${FUNCTION}/dead-letters/${action}`
      expect((await gateway.call('POST', path, body)).status).toBe(400)
    }
    expect((await gateway.get('/dead-letters')).DeadLetters).toHaveLength(1)
  })
})

test('an event is known while the function that it was for is not', async () => {
  const { call, invoke, get, script } = await invoked()
  script.willAnswer(SUCCEEDED)
  const requestId = await invoke()
  await call('DELETE', '/2014-11-13/functions/hello')
  expect(await get(`/invocations/${requestId}`)).toMatchObject({ State: 'succeeded' })
})
