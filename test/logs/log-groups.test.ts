import { describe, expect, test } from 'vitest'
import { GROUP, NO_GROUP, expectLogsError, logsGateway } from '../support/logs-gateway.ts'

const ARN = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}:*`
const DAYS =
  '1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653'

describe('DescribeLogGroups', () => {
  test.each([
    {
      name: 'an empty prefix, by both constraints in the order of the service',
      input: { logGroupNamePrefix: '' },
      text: String.raw`2 validation errors detected: Value '' at 'logGroupNamePrefix' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+; Value '' at 'logGroupNamePrefix' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    },
    { name: 'limit 0', input: { limit: 0 }, text: /'0' at 'limit'.*greater than or equal to 1/ },
    { name: 'limit 51', input: { limit: 51 }, text: /'51' at 'limit'.*less than or equal to 50/ },
    { name: 'half a limit', input: { limit: 0.5 }, text: /^1 validation.*'0.5' at 'limit'/ },
    { name: 'a huge limit', input: { limit: 1e20 }, text: /^1 validation.*equal to 50$/ },
    {
      name: 'prefix and pattern',
      input: { logGroupNamePrefix: 'a', logGroupNamePattern: 'b' },
      text: 'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    },
    {
      name: 'identifiers and a prefix',
      input: { logGroupIdentifiers: [GROUP], logGroupNamePrefix: 'a' },
      text: 'LogGroup identifiers and LogGroup name prefix or pattern are mutually exclusive parameters.',
    },
    {
      name: 'identifiers and a pattern',
      input: { logGroupIdentifiers: [GROUP], logGroupNamePattern: 'a' },
      text: 'LogGroup identifiers and LogGroup name prefix or pattern are mutually exclusive parameters.',
    },
    {
      name: 'no identifiers',
      input: { logGroupIdentifiers: [] },
      text: /at 'logGroupIdentifiers'.*length greater than or equal to 1$/,
    },
    {
      name: 'too many identifiers',
      input: { logGroupIdentifiers: Array.from({ length: 51 }, () => GROUP) },
      text: /at 'logGroupIdentifiers'.*length less than or equal to 50$/,
    },
    {
      name: 'a class that there is not',
      input: { logGroupClass: 'standard' },
      text: "1 validation error detected: Value 'standard' at 'logGroupClass' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, INFREQUENT_ACCESS, DELIVERY]",
    },
    {
      name: 'a foreign token',
      input: { nextToken: 'abc' },
      text: 'The specified nextToken is invalid.',
    },
    {
      name: 'a token that was made up',
      input: { nextToken: btoa('group//aws/lambda/f') },
      text: 'The specified nextToken is invalid.',
    },
  ])('refuses $name', async ({ input, text }) => {
    const response = await logsGateway().logs('DescribeLogGroups', input)
    await expectLogsError(response, 'InvalidParameterException', text, expect)
  })

  test('shows every group with its members, in the order of names', async () => {
    const { ask, print, clock } = logsGateway()
    print(GROUP, 's', 'hello')
    await ask('CreateLogGroup', { logGroupName: '/aws/lambda/a', tags: { unknown: 'ignored' } })
    await ask('PutRetentionPolicy', { logGroupName: GROUP, retentionInDays: 14 })
    expect(await ask('DescribeLogGroups')).toEqual({
      logGroups: [
        {
          logGroupName: '/aws/lambda/a',
          creationTime: clock.now(),
          arn: ARN.replace('hello', 'a'),
          metricFilterCount: 0,
          storedBytes: 0,
        },
        {
          logGroupName: GROUP,
          creationTime: clock.now(),
          arn: ARN,
          retentionInDays: 14,
          metricFilterCount: 0,
          storedBytes: 0,
        },
      ],
    })
  })

  test('shows those of a prefix or a pattern, page by page', async () => {
    const { ask } = logsGateway()
    for (const name of ['/a/1', '/a/2', '/a/3', '/b/1', '/b/2']) {
      await ask('CreateLogGroup', { logGroupName: name })
    }
    async function names(input: object): Promise<unknown[]> {
      const found: unknown[] = []
      let nextToken: unknown
      do {
        const page = await ask('DescribeLogGroups', { ...input, limit: 2, nextToken })
        const groups = page.logGroups as { logGroupName: string }[]
        found.push(...groups.map((group) => group.logGroupName))
        nextToken = page.nextToken
      } while (nextToken !== undefined)
      return found
    }
    expect(await names({})).toEqual(['/a/1', '/a/2', '/a/3', '/b/1', '/b/2'])
    expect(await names({ logGroupNamePrefix: '/a/' })).toEqual(['/a/1', '/a/2', '/a/3'])
    expect(await names({ logGroupNamePrefix: '/c' })).toEqual([])
    expect(await names({ logGroupNamePattern: '/2' })).toEqual(['/a/2', '/b/2'])
    const arn = 'arn:aws:logs:us-east-1:000000000000:log-group:'
    const foreign = arn.replace('us-east-1', 'eu-west-1')
    const logGroupIdentifiers = ['/b/1', `${arn}/a/3:*`, `${arn}/a/1`, '/a', '/a/1', '/c']
    expect(await names({ logGroupIdentifiers })).toEqual(['/a/1', '/a/3', '/b/1'])
    expect(await names({ logGroupIdentifiers: [`${foreign}/a/1`] })).toEqual([])
    const all = ['/a/1', '/a/2', '/a/3', '/b/1', '/b/2']
    expect(await names({ logGroupClass: 'STANDARD' })).toEqual(all)
    expect(await names({ logGroupClass: 'INFREQUENT_ACCESS' })).toEqual([])
    expect(await names({ logGroupClass: 'DELIVERY', logGroupIdentifiers })).toEqual([])
  })

  test('shows the size of what is stored, as it was when it was last counted', async () => {
    const { ask, print, clock, fireAlarms } = logsGateway()
    print(GROUP, 's', 'hello')
    clock.advance(60 * 60 * 1000)
    await fireAlarms()
    expect(await ask('DescribeLogGroups')).toMatchObject({ logGroups: [{ storedBytes: 31 }] })
  })
})

describe('CreateLogGroup', () => {
  test('makes an empty group, once', async () => {
    const { ask, logs } = logsGateway()
    const created = await logs('CreateLogGroup', { logGroupName: GROUP })
    expect([created.status, await created.text()]).toEqual([200, ''])
    expect(await ask('FilterLogEvents', { logGroupName: GROUP })).toMatchObject({ events: [] })
    await expectLogsError(
      await logs('CreateLogGroup', { logGroupName: GROUP }),
      'ResourceAlreadyExistsException',
      'The specified log group already exists',
      expect,
    )
  })

  test.each([
    { logGroupName: undefined, text: /Value null at 'logGroupName'.*Member must not be null/ },
    { logGroupName: 'a b', text: /'a b' at 'logGroupName'.*regular expression/ },
    { logGroupName: 'x'.repeat(513), text: /length less than or equal to 512/ },
    { logGroupName: 'x'.repeat(503), text: /at most 502/ },
  ])('refuses $logGroupName', async ({ logGroupName, text }) => {
    const response = await logsGateway().logs('CreateLogGroup', { logGroupName })
    await expectLogsError(response, 'InvalidParameterException', text, expect)
  })

  test.each([
    {
      name: 'a key, of which there are none',
      input: { kmsKeyId: 'arn:aws:kms:us-east-1:000000000000:key/k' },
      code: 'AccessDeniedException',
      text: `The specified KMS key does not exist or is not allowed to be used with Arn '${ARN.slice(0, -2)}'`,
    },
    {
      name: 'a class that is not served',
      input: { logGroupClass: 'DELIVERY' },
      code: 'InvalidParameterException',
      text: 'This service has log groups of the class STANDARD only.',
    },
    {
      name: 'a class that there is not',
      input: { logGroupClass: 'standard' },
      code: 'InvalidParameterException',
      text: /at 'logGroupClass'.*enum value set: \[STANDARD, INFREQUENT_ACCESS, DELIVERY\]$/,
    },
  ])('refuses $name, and makes none', async ({ input, code, text }) => {
    const { ask, logs } = logsGateway()
    const response = await logs('CreateLogGroup', { logGroupName: GROUP, ...input })
    await expectLogsError(response, code, text, expect)
    expect(await ask('DescribeLogGroups')).toEqual({ logGroups: [] })
  })

  test('takes the class that all are of', async () => {
    const { ask } = logsGateway()
    expect(await ask('CreateLogGroup', { logGroupName: GROUP, logGroupClass: 'STANDARD' })).toEqual(
      {},
    )
  })
})

describe('DeleteLogGroup', () => {
  test('deletes the group with its lines; a later line makes it anew', async () => {
    const { ask, logs, print } = logsGateway()
    print(GROUP, 's', 'before')
    expect(await ask('DeleteLogGroup', { logGroupName: GROUP })).toEqual({})
    expect(await ask('DescribeLogGroups')).toEqual({ logGroups: [] })
    for (const operation of ['FilterLogEvents', 'DescribeLogStreams', 'DeleteLogGroup']) {
      await expectLogsError(await logs(operation, { logGroupName: GROUP }), ...NO_GROUP, expect)
    }
    print(GROUP, 's', 'after')
    const { events } = await ask('FilterLogEvents', { logGroupName: GROUP })
    expect(events).toMatchObject([{ message: 'after' }])
  })
})

describe('a retention policy', () => {
  test.each([0, 2, 366, 1.5, 1e20, null, undefined])('is not %j days', async (retentionInDays) => {
    const { logs, print } = logsGateway()
    print(GROUP, 's', 'hello')
    const response = await logs('PutRetentionPolicy', { logGroupName: GROUP, retentionInDays })
    const text =
      typeof retentionInDays === 'number'
        ? `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${DAYS}]`
        : "1 validation error detected: Value null at 'retentionInDays' failed to satisfy constraint: Member must not be null"
    await expectLogsError(response, 'InvalidParameterException', text, expect)
  })

  test.each([
    { operation: 'PutRetentionPolicy', input: { retentionInDays: 7 } },
    { operation: 'DeleteRetentionPolicy', input: {} },
  ])('needs a group: $operation', async ({ operation, input }) => {
    const response = await logsGateway().logs(operation, { logGroupName: GROUP, ...input })
    await expectLogsError(response, ...NO_GROUP, expect)
  })

  test('hides what is older, until it is deleted', async () => {
    const { ask, print, clock } = logsGateway()
    print(GROUP, 's', 'old')
    clock.advance(25 * 60 * 60 * 1000)
    print(GROUP, 's', 'new')
    const messages = async () => (await ask('FilterLogEvents', { logGroupName: GROUP })).events
    expect(await ask('PutRetentionPolicy', { logGroupName: GROUP, retentionInDays: 1 })).toEqual({})
    expect(await messages()).toMatchObject([{ message: 'new' }])
    expect(await ask('DeleteRetentionPolicy', { logGroupName: GROUP })).toEqual({})
    const { logGroups } = await ask('DescribeLogGroups')
    expect(logGroups).toEqual([expect.not.objectContaining({ retentionInDays: 1 })])
  })
})

const NUMBER = 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber'

test.each([
  {
    operation: 'PutRetentionPolicy',
    member: { retentionInDays: '7' },
    text: 'class java.lang.String can not be converted to an Integer',
  },
  {
    operation: 'PutRetentionPolicy',
    member: { retentionInDays: [7], logGroupName: '' },
    text: 'Start of list found where not expected',
  },
  {
    operation: 'DescribeLogGroups',
    member: { limit: '5' },
    text: 'class java.lang.String can not be converted to an Integer',
  },
  {
    operation: 'DescribeLogGroups',
    member: { logGroupNamePrefix: 5 },
    text: `${NUMBER} can not be converted to an String`,
  },
  {
    operation: 'DescribeLogGroups',
    member: { logGroupIdentifiers: GROUP },
    text: 'Expected list or null',
  },
  {
    operation: 'DescribeLogStreams',
    member: { orderBy: true },
    text: 'class java.lang.Boolean can not be converted to an String',
  },
  {
    operation: 'GetLogEvents',
    member: { logStreamName: 's', startFromHead: 'yes' },
    text: "'YES' can not be converted to an Boolean",
  },
])('$operation is told of a wrong type: $member', async ({ operation, member, text }) => {
  const response = await logsGateway().logs(operation, { logGroupName: GROUP, ...member })
  await expectLogsError(response, 'SerializationException', text, expect)
})

test('an operation that is not there is told so', async () => {
  const response = await logsGateway().logs('PutLogEvents', {})
  await expectLogsError(
    response,
    'UnknownOperationException',
    "There is no operation 'Logs_20140328.PutLogEvents'",
    expect,
  )
})
