import { describe, expect, test } from 'vitest'
import {
  GROUP,
  NO_GROUP,
  expectLogsError,
  logsGateway,
  type Json,
} from '../support/logs-gateway.ts'

/** Three streams, the first of which has the last event. */
function threeStreams() {
  const gateway = logsGateway()
  for (const stream of ['a', 'b', 'c', 'a']) {
    gateway.print(GROUP, stream, 'line')
    gateway.clock.advance(1000)
  }
  return gateway
}

describe('DescribeLogStreams', () => {
  test.each([
    {
      input: {},
      text: "1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null",
    },
    {
      input: { logGroupName: GROUP, orderBy: 'Name' },
      text: "1 validation error detected: Value 'Name' at 'orderBy' failed to satisfy constraint: Member must satisfy enum value set: [LogStreamName, LastEventTime]",
    },
    { input: { logGroupName: GROUP, limit: 51 }, text: /less than or equal to 50/ },
    { input: { logGroupName: GROUP, logStreamNamePrefix: 'a:b' }, text: /pattern: \[\^:\*\]\*/ },
    {
      input: { logGroupName: GROUP, orderBy: 'LastEventTime', logStreamNamePrefix: 'a' },
      text: 'Cannot order by LastEventTime with a logStreamNamePrefix.',
    },
    {
      input: { logGroupName: GROUP, nextToken: btoa('LastEventTime/5') },
      text: 'The specified nextToken is invalid.',
    },
  ])('refuses $input', async ({ input, text }) => {
    const response = await threeStreams().logs('DescribeLogStreams', input)
    await expectLogsError(response, 'InvalidParameterException', text, expect)
  })

  test.each([
    { logGroupName: '/other' },
    { logGroupIdentifier: '/other' },
    { logGroupIdentifier: `arn:aws:logs:us-east-1:123456789012:log-group:${GROUP}` },
    { logGroupIdentifier: `arn:aws:logs:eu-west-1:000000000000:log-group:${GROUP}` },
  ])('does not find %j', async (input) => {
    const response = await threeStreams().logs('DescribeLogStreams', input)
    await expectLogsError(response, ...NO_GROUP, expect)
  })

  test('refuses a group by name and by identifier', async () => {
    await expectLogsError(
      await threeStreams().logs('DescribeLogStreams', {
        logGroupName: GROUP,
        logGroupIdentifier: GROUP,
      }),
      'ValidationException',
      'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
      expect,
    )
  })

  test('shows a stream with its members', async () => {
    const { ask, clock } = threeStreams()
    const { logStreams } = await ask('DescribeLogStreams', {
      logGroupName: GROUP,
      logStreamNamePrefix: 'a',
    })
    expect(logStreams).toEqual([
      {
        logStreamName: 'a',
        creationTime: clock.now() - 4000,
        firstEventTimestamp: clock.now() - 4000,
        lastEventTimestamp: clock.now() - 1000,
        lastIngestionTime: clock.now() - 1000,
        arn: `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}:log-stream:a`,
        storedBytes: 0,
      },
    ])
  })

  test.each([
    { input: { logGroupName: GROUP }, expected: 'abc' },
    { input: { logGroupIdentifier: GROUP, descending: true }, expected: 'cba' },
    {
      input: { logGroupIdentifier: `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}` },
      expected: 'abc',
    },
    { input: { logGroupName: GROUP, orderBy: 'LastEventTime' }, expected: 'bca' },
    { input: { logGroupName: GROUP, orderBy: 'LastEventTime', descending: true }, expected: 'acb' },
  ])('lists $expected for $input, page by page', async ({ input, expected }) => {
    const { ask } = threeStreams()
    let names = ''
    let nextToken: unknown
    do {
      const page: Json = await ask('DescribeLogStreams', { ...input, limit: 2, nextToken })
      const streams = page.logStreams as { logStreamName: string }[]
      names += streams.map((stream) => stream.logStreamName).join('')
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    expect(names).toBe(expected)
  })
})
