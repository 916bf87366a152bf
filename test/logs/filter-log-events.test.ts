import { describe, expect, test } from 'vitest'
import {
  GROUP,
  NO_GROUP,
  NO_STREAM,
  expectLogsError,
  logsGateway,
  type Json,
} from '../support/logs-gateway.ts'

/** `a` and `b` print in turns, a second apart. */
function twoStreams() {
  const gateway = logsGateway()
  const start = gateway.clock.now()
  for (const [stream, message] of [
    ['a', 'one ERROR'],
    ['b', 'two'],
    ['a', 'three'],
    ['b', 'four ERROR'],
  ] as const) {
    gateway.print(GROUP, stream, message)
    gateway.clock.advance(1000)
  }
  const filter = (input: object) =>
    gateway.ask('FilterLogEvents', { logGroupName: GROUP, ...input })
  return {
    ...gateway,
    start,
    filter,
    messages: async (input: object) => messagesOf(await filter(input)),
  }
}

function messagesOf(output: Json): string[] {
  return (output.events as { message: string }[]).map((event) => event.message)
}

describe('FilterLogEvents', () => {
  test.each([
    { input: { limit: 10_001 }, text: /'10001' at 'limit'.*less than or equal to 10000/ },
    { input: { startTime: -1 }, text: /'-1' at 'startTime'.*greater than or equal to 0/ },
    { input: { startTime: 1.5 }, text: /'1.5' at 'startTime'/ },
    {
      input: { logStreamNames: [] },
      text: /'\[\]' at 'logStreamNames'.*greater than or equal to 1/,
    },
    {
      input: { logStreamNames: Array(101).fill('a') },
      text: /at 'logStreamNames'.*or equal to 100/,
    },
    { input: { filterPattern: 'x'.repeat(1025) }, text: /less than or equal to 1024/ },
    { input: { nextToken: '' }, text: /'' at 'nextToken'/ },
    { input: { nextToken: 'x' }, text: 'The specified nextToken is invalid.' },
    {
      input: { nextToken: btoa(`event/${'5'.padStart(56, '0')}`) },
      text: 'The specified nextToken is invalid.',
    },
    {
      input: { logStreamNames: ['a'], logStreamNamePrefix: 'b' },
      text: 'LogStream names and LogStream name prefix are mutually exclusive parameters.',
    },
    { input: { filterPattern: '?Status: x' }, text: "Invalid character(s) in term ':'" },
  ])('refuses $input', async ({ input, text }) => {
    const response = await twoStreams().logs('FilterLogEvents', { logGroupName: GROUP, ...input })
    await expectLogsError(response, 'InvalidParameterException', text, expect)
  })

  test('does not find a group or a stream that is not there', async () => {
    const { logs } = twoStreams()
    await expectLogsError(
      await logs('FilterLogEvents', { logGroupName: '/x' }),
      ...NO_GROUP,
      expect,
    )
    const input = { logGroupName: GROUP, logStreamNames: ['a', 'x'] }
    await expectLogsError(await logs('FilterLogEvents', input), ...NO_STREAM, expect)
  })

  test('shows events with their members', async () => {
    const { filter, start } = twoStreams()
    expect(await filter({ limit: 1, interleaved: true, unmask: false })).toEqual({
      events: [
        {
          logStreamName: 'a',
          timestamp: start,
          message: 'one ERROR',
          ingestionTime: start,
          eventId: expect.stringMatching(/^\d{56}$/),
        },
      ],
      searchedLogStreams: [],
      nextToken: expect.any(String),
    })
  })

  test.each([
    { name: 'all', input: () => ({}), expected: ['one ERROR', 'two', 'three', 'four ERROR'] },
    { name: 'a stream', input: () => ({ logStreamNames: ['b'] }), expected: ['two', 'four ERROR'] },
    {
      name: 'a prefix',
      input: () => ({ logStreamNamePrefix: 'a' }),
      expected: ['one ERROR', 'three'],
    },
    {
      name: 'a pattern in a stream',
      input: () => ({ logStreamNames: ['a'], filterPattern: 'ERROR' }),
      expected: ['one ERROR'],
    },
    {
      name: 'a time range, both ends included',
      input: (start: number) => ({ startTime: start + 1000, endTime: start + 2000 }),
      expected: ['two', 'three'],
    },
    {
      name: 'a time range of the future',
      input: (start: number) => ({ startTime: start + 10 ** 15 }),
      expected: [],
    },
  ])('answers $name', async ({ input, expected }) => {
    const { messages, start } = twoStreams()
    expect(await messages(input(start))).toEqual(expected)
  })

  test('goes on page after page, and tells the last one by the absence of a token', async () => {
    const { filter } = twoStreams()
    const seen: string[] = []
    let nextToken: unknown
    let pages = 0
    do {
      const page = await filter({ limit: 2, filterPattern: 'ERROR', nextToken })
      seen.push(...messagesOf(page))
      nextToken = page.nextToken
      pages += 1
    } while (nextToken !== undefined)
    expect(seen).toEqual(['one ERROR', 'four ERROR'])
    expect(pages).toBe(1)
  })
})

describe('a filter pattern', () => {
  test.each([
    { filterPattern: '', expected: ['one ERROR', 'two', 'three', 'four ERROR'] },
    { filterPattern: 'ERROR one', expected: ['one ERROR'] },
    { filterPattern: 'error', expected: [] },
    { filterPattern: '"e ERR"', expected: ['one ERROR'] },
    { filterPattern: '-ERROR', expected: ['two', 'three'] },
    { filterPattern: '-"r E" -two', expected: ['one ERROR', 'three'] },
    { filterPattern: '?two ?three', expected: ['two', 'three'] },
    { filterPattern: '?two ERROR', expected: ['one ERROR', 'four ERROR'] },
    { filterPattern: '  "" ', expected: ['one ERROR', 'two', 'three', 'four ERROR'] },
  ])('$filterPattern', async ({ filterPattern, expected }) => {
    expect(await twoStreams().messages({ filterPattern })).toEqual(expected)
  })

  test('finds quotes and backslashes that are escaped, and letters of any language', async () => {
    const { print, messages } = twoStreams()
    print(GROUP, 'a', '{"level":"info"}', 'C:\\tmp', 'größe 5')
    expect(await messages({ filterPattern: String.raw`"\"level\":\"info\""` })).toHaveLength(1)
    expect(await messages({ filterPattern: String.raw`"C:\\tmp"` })).toEqual(['C:\\tmp'])
    expect(await messages({ filterPattern: 'größe' })).toEqual(['größe 5'])
  })

  test.each([
    { filterPattern: 'a-b', text: "Invalid character(s) in term '-'" },
    { filterPattern: '(x', text: "Invalid character(s) in term '('" },
    { filterPattern: '-', text: "Invalid character(s) in term '-'" },
    { filterPattern: '"open', text: 'Invalid filter pattern' },
    { filterPattern: '{ $.level = "info" }', text: /^Invalid filter pattern: .* terms only/ },
    { filterPattern: '[ip, user]', text: /^Invalid filter pattern/ },
    { filterPattern: '%ERR[A-Z]+%', text: /^Invalid filter pattern/ },
  ])('is not $filterPattern', async ({ filterPattern, text }) => {
    const response = await twoStreams().logs('FilterLogEvents', {
      logGroupName: GROUP,
      filterPattern,
    })
    await expectLogsError(response, 'InvalidParameterException', text, expect)
  })
})
