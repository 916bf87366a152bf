import { describe, expect, test } from 'vitest'
import {
  GROUP,
  NO_GROUP,
  NO_STREAM,
  expectLogsError,
  logsGateway,
} from '../support/logs-gateway.ts'

interface Page {
  events: { timestamp: number; message: string; ingestionTime: number }[]
  nextForwardToken: string
  nextBackwardToken: string
}

/** Events 1 to 5 of a stream, a second apart, among those of another. */
function fiveEvents() {
  const gateway = logsGateway()
  const start = gateway.clock.now()
  for (const n of [1, 2, 3, 4, 5]) {
    gateway.print(GROUP, 's', String(n))
    gateway.print(GROUP, 'other', 'x')
    gateway.clock.advance(1000)
  }
  const named = { logGroupName: GROUP, logStreamName: 's' }
  return {
    ...gateway,
    start,
    named,
    async get(input: object = {}) {
      const output = await gateway.ask('GetLogEvents', { ...named, ...input })
      return output as unknown as Page
    },
  }
}

const messages = ({ events }: Page) => events.map((event) => event.message).join('')

describe('GetLogEvents', () => {
  test.each([
    { input: { logStreamName: undefined }, text: /Value null at 'logStreamName'/ },
    { input: { limit: 0 }, text: /'0' at 'limit'/ },
    { input: { nextToken: 'f/5' }, text: 'The specified nextToken is invalid.' },
    { input: { nextToken: `n/${'0'.repeat(56)}` }, text: 'The specified nextToken is invalid.' },
    { input: { nextToken: `f/${'9'.repeat(56)}` }, text: 'The specified nextToken is invalid.' },
  ])('refuses $input', async ({ input, text }) => {
    const { logs, named } = fiveEvents()
    const response = await logs('GetLogEvents', { ...named, ...input })
    await expectLogsError(response, 'InvalidParameterException', text, expect)
  })

  test('does not find a group or a stream that is not there', async () => {
    const { logs, named } = fiveEvents()
    const noGroup = await logs('GetLogEvents', { ...named, logGroupName: '/x' })
    await expectLogsError(noGroup, ...NO_GROUP, expect)
    const noStream = await logs('GetLogEvents', { ...named, logStreamName: 'x' })
    await expectLogsError(noStream, ...NO_STREAM, expect)
  })

  test('shows events with their members, oldest first', async () => {
    const { get, start } = fiveEvents()
    const page = await get({ limit: 1, startFromHead: true })
    expect(page).toEqual({
      events: [{ timestamp: start, message: '1', ingestionTime: start }],
      nextForwardToken: expect.stringMatching(/^f\/\d{56}$/),
      nextBackwardToken: expect.stringMatching(/^b\/\d{56}$/),
    })
  })

  test.each([
    { name: 'the newest page', input: () => ({ limit: 2 }), expected: '45' },
    { name: 'the oldest page', input: () => ({ limit: 2, startFromHead: true }), expected: '12' },
    {
      name: 'a time range, its end left out',
      input: (start: number) => ({ startTime: start + 1000, endTime: start + 3000 }),
      expected: '23',
    },
  ])('answers $name', async ({ input, expected }) => {
    const { get, start } = fiveEvents()
    expect(messages(await get(input(start)))).toBe(expected)
  })

  test('goes forward until a token answers itself, and then to what is new', async () => {
    const { get, print } = fiveEvents()
    let page = await get({ limit: 2, startFromHead: true })
    let seen = messages(page)
    for (;;) {
      const token = page.nextForwardToken
      page = await get({ limit: 2, nextToken: token })
      seen += messages(page)
      if (page.nextForwardToken === token) break
    }
    expect(seen).toBe('12345')
    print(GROUP, 's', '6')
    expect(messages(await get({ nextToken: page.nextForwardToken }))).toBe('6')
    expect(messages(await get({ nextToken: page.nextBackwardToken }))).toBe('12345')
  })

  test('goes backward until a token answers itself, and then forward again', async () => {
    const { get } = fiveEvents()
    let page = await get({ limit: 2 })
    let seen = messages(page)
    for (;;) {
      const token = page.nextBackwardToken
      // What the token says is what counts, whatever is said besides.
      page = await get({ limit: 2, nextToken: token, startFromHead: true })
      seen = messages(page) + seen
      if (page.nextBackwardToken === token) break
    }
    expect(seen).toBe('12345')
    expect(messages(await get({ nextToken: page.nextForwardToken, limit: 1 }))).toBe('1')
  })

  test('waits for the first event of a time range that is still empty', async () => {
    const { get, print, clock } = fiveEvents()
    const range = { startTime: clock.now() }
    const page = await get(range)
    expect(page.events).toEqual([])
    const again = await get({ ...range, nextToken: page.nextForwardToken })
    expect(again.nextForwardToken).toBe(page.nextForwardToken)
    print(GROUP, 's', '6')
    expect(messages(await get({ ...range, nextToken: page.nextForwardToken }))).toBe('6')
  })

  test('finds a group by its ARN', async () => {
    const { ask, start } = fiveEvents()
    const logGroupIdentifier = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`
    const input = { logGroupIdentifier, logStreamName: 's', endTime: start + 1 }
    expect(await ask('GetLogEvents', input)).toMatchObject({ events: [{ message: '1' }] })
  })
})
