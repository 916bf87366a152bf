import { describe, expect, test } from 'vitest'
import type { RunResult } from '../../src/ports/function-runner.ts'
import { memoryGateway, zipOf } from '../support/memory-gateway.ts'
import { FAILED, FAULT, SUCCEEDED, settled } from '../support/scripted-runner.ts'

const INVOKE = '/2014-11-13/functions/hello/invoke-async/'

async function invoked(variables: Record<string, string> = {}) {
  const gateway = memoryGateway({ variables })
  await gateway.upload('hello')
  return {
    ...gateway,
    async invoke(body = '{}') {
      const response = await gateway.call('POST', INVOKE, body)
      return response.headers.get('x-amzn-requestid') ?? ''
    },
    /** Moves the clock, fires what is due and lets it go as far as it can. */
    async pass(milliseconds: number) {
      gateway.clock.advance(milliseconds)
      await gateway.fireAlarms()
      await settled()
    },
    deadLetters: async () => (await gateway.ports.deadLetters.list('hello', 100)).letters,
  }
}

describe('an event', () => {
  test('runs once when it succeeds', async () => {
    const { invoke, script, pass, deadLetters } = await invoked()
    script.willAnswer(SUCCEEDED)
    await invoke()
    await pass(10 * 60_000)
    expect(script.started).toHaveLength(1)
    expect(await deadLetters()).toEqual([])
  })

  test('that fails runs three times under one request id, a minute and two apart, then lies dead', async () => {
    const { invoke, script, pass, deadLetters } = await invoked()
    script.willAnswer(FAILED, FAILED, FAILED)
    const requestId = await invoke('{"n":1}')
    await settled()
    await pass(59_999)
    expect(script.started).toHaveLength(1)
    await pass(1)
    expect(script.started).toHaveLength(2)
    await pass(119_999)
    expect(script.started).toHaveLength(2)
    await pass(1)
    expect(script.started.map(({ requestId: id, attempt }) => [id, attempt])).toEqual([
      [requestId, 1],
      [requestId, 2],
      [requestId, 3],
    ])
    expect(await deadLetters()).toMatchObject([
      {
        requestId,
        payload: '{"n":1}',
        reason: 'nope',
        attempts: [{}, {}, { errorMessage: 'nope' }],
      },
    ])
    await pass(24 * 3_600_000)
    expect(script.started).toHaveLength(3)
    expect(await deadLetters()).toHaveLength(1)
  })

  test('that the platform fails has a budget of its own, up to six hours', async () => {
    const { invoke, script, pass, deadLetters } = await invoked()
    script.willAnswer(FAULT, FAULT, FAULT, FAULT, SUCCEEDED)
    await invoke()
    for (const seconds of [1, 2, 4, 8]) await pass(seconds * 1000)
    expect(script.started).toHaveLength(5)
    expect(await deadLetters()).toEqual([])
  })

  test('that the platform never runs dies after six hours with the reason', async () => {
    const { invoke, script, pass, deadLetters } = await invoked()
    script.willAnswer(...Array<typeof FAULT>(200).fill(FAULT))
    await invoke()
    for (let hours = 0; hours < 6.5; hours += 1 / 12) await pass(5 * 60_000)
    expect(await deadLetters()).toMatchObject([{ reason: 'no room', attempts: [] }])
  })

  test('that fails with an error of any size dies with its beginning', async () => {
    const { invoke, script, pass, deadLetters } = await invoked()
    const errorMessage = 'e'.repeat(5_000_000)
    script.willAnswer(
      ...Array<RunResult>(3).fill({ ran: true, outcome: { kind: 'exited', errorMessage } }),
    )
    await invoke()
    await pass(60_000)
    await pass(120_000)
    const kept = `${'e'.repeat(1978)}… (5000000 characters)`
    expect(await deadLetters()).toMatchObject([
      { reason: kept, attempts: Array(3).fill({ errorMessage: kept }) },
    ])
  })

  test('delivered twice by the queue runs once', async () => {
    const { ports, script, pass } = await invoked()
    script.willAnswer(SUCCEEDED, SUCCEEDED)
    const event = {
      functionName: 'hello',
      requestId: 'r1',
      acceptedAtMilliseconds: 0,
      payload: '{}',
    }
    await ports.inboxes.accept('hello', [event, event])
    await settled()
    await ports.inboxes.accept('hello', [event])
    await pass(60_000)
    expect(script.started).toHaveLength(1)
  })

  test('whose runner is lost is tried again when its lease has run out, and the late answer changes nothing', async () => {
    const { invoke, script, pass, deadLetters } = await invoked()
    await invoke()
    expect(script.started).toHaveLength(1)
    await pass(34_000)
    await pass(1_000)
    expect(script.started).toHaveLength(2)
    script.finish(FAILED)
    script.finish(SUCCEEDED)
    await settled()
    await pass(10 * 60_000)
    expect(script.started).toHaveLength(2)
    expect(await deadLetters()).toEqual([])
  })

  test('of a function that was deleted dies with the reason', async () => {
    const { invoke, script, pass, call, deadLetters } = await invoked()
    script.willAnswer(FAILED)
    await invoke()
    await settled()
    await call('DELETE', '/2014-11-13/functions/hello')
    await pass(60_000)
    expect(script.started).toHaveLength(1)
    expect(await deadLetters()).toMatchObject([
      {
        reason: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:hello',
        attempts: [{ errorMessage: 'nope' }],
      },
    ])
  })

  test('is retried on the code and configuration of the moment', async () => {
    const { invoke, script, pass, upload } = await invoked()
    script.willAnswer(FAILED)
    await invoke()
    await settled()
    await upload('hello', { Timeout: '7' }, zipOf({ 'index.js': '// new' }))
    await pass(60_000)
    expect(script.started.map((run) => run.record.configuration.Timeout)).toEqual([3, 7])
    expect(script.started[0]?.record.codeKey).not.toBe(script.started[1]?.record.codeKey)
  })
})

describe('the concurrency ceiling', () => {
  test('holds events back without using up their tries, and each slot is one event at a time', async () => {
    const { invoke, script, pass } = await invoked({ FUNCTION_CONCURRENCY: '2' })
    for (let i = 0; i < 5; i++) await invoke()
    expect(script.started.map((run) => run.slot)).toEqual([0, 1])
    script.finish(SUCCEEDED)
    await settled()
    expect(script.started.map((run) => run.slot)).toEqual([0, 1, 0])
    await pass(1000)
    expect(script.started).toHaveLength(3)
    script.finish(SUCCEEDED)
    script.finish(SUCCEEDED)
    await settled()
    expect(script.started.map((run) => run.attempt)).toEqual([1, 1, 1, 1, 1])
  })
})

describe('the alarm', () => {
  test('is called off when nothing is left to do', async () => {
    const { invoke, script, pass, nextAlarmAtMilliseconds } = await invoked()
    // What an upload may leave behind is looked for until a day later.
    for (let hours = 0; hours < 25; hours++) await pass(3_600_000)
    expect(nextAlarmAtMilliseconds()).toBe(Infinity)
    script.willAnswer(SUCCEEDED)
    await invoke()
    await settled()
    for (let hours = 0; hours < 26; hours++) await pass(3_600_000)
    expect(nextAlarmAtMilliseconds()).toBe(Infinity)
  })
})

describe('slots', () => {
  test('of calls that never answer are freed with their leases', async () => {
    const { invoke, script, pass } = await invoked({ FUNCTION_CONCURRENCY: '2' })
    for (let i = 0; i < 3; i++) await invoke()
    expect(script.started).toHaveLength(2)
    await pass(33_000)
    expect(script.started).toHaveLength(3)
    expect(script.started[2]?.requestId).not.toBe(script.started[0]?.requestId)
  })

  test('whose instance is busy are passed over at once, without using up a try', async () => {
    const { invoke, script } = await invoked()
    script.willAnswer({ ran: false, reason: 'busy', isBusy: true }, SUCCEEDED)
    await invoke()
    await settled()
    expect(script.started.map(({ slot, attempt }) => [slot, attempt])).toEqual([
      [0, 1],
      [1, 1],
    ])
  })
})

describe('events whose payloads fill the memory', () => {
  /** 20 of them, of which 17 find room. */
  async function full() {
    const gateway = await invoked()
    const payload = JSON.stringify('x'.repeat(1_000_000))
    for (let n = 0; n < 20; n++) {
      const event = { functionName: 'hello', requestId: `r${n}`, payload }
      await gateway.ports.inboxes.accept('hello', [
        { ...event, acceptedAtMilliseconds: gateway.clock.now() },
      ])
    }
    expect(gateway.script.started).toHaveLength(17)
    return gateway
  }

  test('have those that wait begun by the next to end, and not by an alarm', async () => {
    const { script, pass, clock, nextAlarmAtMilliseconds } = await full()
    await pass(2000)
    expect(nextAlarmAtMilliseconds()).toBeGreaterThan(clock.now() + 10_000)
    script.finish(SUCCEEDED)
    await settled()
    expect(script.started).toHaveLength(18)
  })

  test('free it with their leases when they never answer, and not once more when they do', async () => {
    const { script, pass } = await full()
    await pass(33_000)
    expect(script.started).toHaveLength(20)
    // Those that were lost are tried again as far as there is room, one after the rest.
    await pass(1000)
    await pass(10)
    expect(script.started).toHaveLength(34)
    for (let late = 0; late < 17; late++) script.finish(SUCCEEDED)
    await settled()
    expect(script.started).toHaveLength(34)
  })
})

describe('GET /gateway/functions/NAME/dead-letters', () => {
  test('shows what was given up, with payload, reason and every try', async () => {
    const { invoke, script, call } = await invoked({ INVOKE_RETRY_DELAYS: '' })
    script.willAnswer(FAILED)
    const requestId = await invoke('{"n":1}')
    await settled()
    const response = await call('GET', '/gateway/functions/hello/dead-letters')
    expect(await response.json()).toEqual({
      DeadLetters: [
        {
          RequestId: requestId,
          Payload: '{"n":1}',
          AcceptedAt: '2015-01-06T18:30:35.841+0000',
          DiedAt: '2015-01-06T18:30:35.841+0000',
          Reason: 'nope',
          Attempts: [
            {
              StartedAt: '2015-01-06T18:30:35.841+0000',
              DurationMilliseconds: 0,
              ErrorMessage: 'nope',
            },
          ],
        },
      ],
    })
  })

  test('comes in pages that are never too large for one answer', async () => {
    const { invoke, script, call } = await invoked({ INVOKE_RETRY_DELAYS: '' })
    const large = JSON.stringify('x'.repeat(1024 * 1024 - 2))
    const sent = Array.from({ length: 12 }, (_, n) => (n === 11 ? '"small"' : large))
    script.willAnswer(...sent.map(() => FAILED))
    for (const payload of sent) await invoke(payload)
    await settled()
    const found: string[] = []
    const sizes: number[] = []
    let query = ''
    do {
      const response = await call('GET', `/gateway/functions/hello/dead-letters${query}`)
      const page = (await response.json()) as {
        DeadLetters: { Payload: string }[]
        NextMarker?: string
      }
      sizes.push(page.DeadLetters.length)
      found.push(...page.DeadLetters.map((letter) => letter.Payload))
      query = page.NextMarker === undefined ? '' : `?Marker=${page.NextMarker}`
    } while (query !== '')
    expect(found.sort()).toEqual(sent.sort())
    expect(sizes).toHaveLength(2)
  })

  test('has a Marker for each function alone', async () => {
    const { invoke, script, call } = await invoked({ INVOKE_RETRY_DELAYS: '' })
    script.willAnswer(FAILED, FAILED)
    await invoke()
    await invoke()
    await settled()
    const first = await call('GET', '/gateway/functions/hello/dead-letters?MaxItems=1')
    const { NextMarker } = (await first.json()) as { NextMarker: string }
    const other = await call('GET', `/gateway/functions/other/dead-letters?Marker=${NextMarker}`)
    expect(other.status).toBe(400)
  })

  test('reads the letters of the function in the path, whatever the query says', async () => {
    const { invoke, script, call } = await invoked({ INVOKE_RETRY_DELAYS: '' })
    script.willAnswer(FAILED)
    await invoke()
    await settled()
    const path = '/gateway/functions/other/dead-letters?FunctionName=hello'
    expect(await (await call('GET', path)).json()).toEqual({ DeadLetters: [] })
  })

  test('is empty for a function that has none', async () => {
    const { call } = await invoked()
    const response = await call('GET', '/gateway/functions/other/dead-letters')
    expect(await response.json()).toEqual({ DeadLetters: [] })
  })
})
