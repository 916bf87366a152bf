import { TAKEN, type FuzzRequest } from './fuzz-request.ts'
import type { Random } from './random.ts'

const STEADY_GROUPS = ['/aws/lambda/steady-0', '/aws/lambda/steady-1']
/** Made and deleted all the time. */
const RESTLESS_GROUPS = ['/aws/lambda/f0', 'fuzz-0', 'fuzz-1', 'fuzz-2']
const GROUPS = [...STEADY_GROUPS, ...STEADY_GROUPS, ...RESTLESS_GROUPS]
const STREAM = { from: 'DescribeLogStreams', path: ['logStreams', 0, 'logStreamName'] }

/** What each operation takes; `TAKEN` is a value out of the answer to the operation in `from`. */
const OPERATIONS: {
  name: string
  members: string[]
  from?: { from: string; path: (string | number)[] }
}[] = [
  { name: 'CreateLogGroup', members: ['logGroupName'] },
  { name: 'DeleteLogGroup', members: ['logGroupName'] },
  { name: 'PutRetentionPolicy', members: ['logGroupName', 'retentionInDays'] },
  { name: 'DeleteRetentionPolicy', members: ['logGroupName'] },
  { name: 'DescribeLogGroups', members: ['logGroupNamePrefix', 'limit'] },
  { name: 'DescribeLogGroups', members: ['logGroupNamePattern'] },
  {
    name: 'DescribeLogGroups',
    members: ['limit', 'nextToken'],
    from: { from: 'DescribeLogGroups', path: ['nextToken'] },
  },
  {
    name: 'DescribeLogStreams',
    members: ['logGroupName', 'logStreamNamePrefix', 'orderBy', 'descending', 'limit'],
  },
  { name: 'GetLogEvents', members: ['logGroupName', 'logStreamName', 'limit'], from: STREAM },
  {
    name: 'GetLogEvents',
    members: ['logGroupIdentifier', 'logStreamName', 'startTime', 'endTime', 'startFromHead'],
    from: STREAM,
  },
  { name: 'FilterLogEvents', members: ['logGroupName', 'filterPattern', 'limit'] },
  { name: 'FilterLogEvents', members: ['logGroupName', 'startTime', 'endTime'] },
  {
    name: 'FilterLogEvents',
    members: ['logGroupName', 'limit', 'nextToken'],
    from: { from: 'FilterLogEvents', path: ['nextToken'] },
  },
  { name: 'FilterLogEvents', members: ['logGroupName', 'logStreamNames'], from: STREAM },
]

const MEMBERS: Record<string, (random: Random) => unknown> = {
  logGroupName: (random) => random.pick(GROUPS),
  logGroupIdentifier: (random) =>
    random.pick(['', 'arn:aws:logs:us-east-1:000000000000:log-group:']) + random.pick(GROUPS),
  logGroupNamePrefix: (random) => random.pick(['/aws', 'fuzz', 'x']),
  logGroupNamePattern: (random) => random.pick(['lambda', 'fuzz', '']),
  logStreamName: () => TAKEN,
  logStreamNames: () => [TAKEN],
  logStreamNamePrefix: (random) => random.pick(['a', '2', 'f%', "'"]),
  nextToken: () => TAKEN,
  retentionInDays: (random) => random.pick([1, 7, 3653, 2]),
  orderBy: () => 'LogStreamName',
  descending: (random) => random.chance(0.5),
  startFromHead: (random) => random.chance(0.5),
  limit: (random) => random.pick([1, 2, 50]),
  startTime: (random) => random.pick([0, 1e12, 2 ** 53 - 1]),
  endTime: (random) => random.pick([0, 4e12, 2 ** 53 - 1]),
  filterPattern: (random) =>
    random.pick([
      '',
      'REPORT',
      '"START" -END',
      '?a ?b',
      '"',
      '{ $.a = 1 }',
      '\\',
      '%x%',
      '-',
      '""',
    ]),
}

/** What no member takes. Some of it is JSON that `JSON.stringify` does not write. */
const ODD_VALUES = [
  ...['null', '0', '-1', '1.5', '1e400', '"x"', '""', 'true', '[]', '{}', '[[1],{"a":null}]'],
  ...['"\\ud800"', '"\\u0000"', '"é\\u202e😀"', '"__proto__"', '{"__proto__":1}', '["a","a"]'],
  JSON.stringify('x'.repeat(100_000)),
  JSON.stringify(Array.from({ length: 1000 }, () => 'a')),
  '['.repeat(20_000) + ']'.repeat(20_000),
  '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000),
]

export function logsOperation(random: Random): FuzzRequest {
  const { name, members, from } = random.pick(OPERATIONS)
  const logGroupName = random.pick(
    /^(Create|Delete)LogGroup$/.test(name) ? RESTLESS_GROUPS : GROUPS,
  )
  const request = call(name, inputOf(random, members, { logGroupName }))
  if (from === undefined) return request
  // A page of one has a next one soonest.
  const first = call(from.from, JSON.stringify({ logGroupName, limit: 1 }))
  const tampered = random.chance(0.2) ? { tamperedAt: random.next() } : {}
  return { ...request, taken: { from: first, path: from.path, ...tampered } }
}

function inputOf(random: Random, members: string[], known: Record<string, string>): string {
  const odd = random.chance(0.3) ? random.pick(members) : undefined
  const written = members.map((member) => {
    const value = JSON.stringify(known[member] ?? MEMBERS[member]?.(random) ?? null)
    return `${JSON.stringify(member)}:${member === odd ? random.pick(ODD_VALUES) : value}`
  })
  const extra = random.chance(0.1) ? [`"__proto__":${random.pick(ODD_VALUES)}`] : []
  return `{${[...written, ...extra].join(',')}}`
}

function call(operation: string, input: string): FuzzRequest {
  return {
    operation,
    service: 'logs',
    method: 'POST',
    target: '/',
    headers: [
      ['x-amz-target', `Logs_20140328.${operation}`],
      ['content-type', 'application/x-amz-json-1.1'],
    ],
    unsigned: [],
    body: new Uint8Array(Buffer.from(input)),
    isHttp: true,
  }
}
