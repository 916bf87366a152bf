import { describe, expect, test } from 'vitest'
import { expectKinesisError, kinesisGateway } from '../support/kinesis-gateway.ts'

// Kinesis's own words, in its own order: the tables are those of kinesalite's tests, which were run
// against the real service.

const NUMBER = 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber'
const LIST = 'Start of list found where not expected'
const STRUCTURE = 'Start of structure or map found where not expected.'
const NAME_PATTERN = 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+'
const NOT_NULL = 'Member must not be null'
const atLeast = (length: number) => `Member must have length greater than or equal to ${length}`
const atMost = (length: number) => `Member must have length less than or equal to ${length}`

const WRONG = {
  String: [
    [true, 'class java.lang.Boolean can not be converted to an String'],
    [23, `${NUMBER} can not be converted to an String`],
    [34.56, `${NUMBER} can not be converted to an String`],
    [[], LIST],
    [{}, STRUCTURE],
  ],
  Integer: [
    ['23', 'class java.lang.String can not be converted to an Integer'],
    [true, 'class java.lang.Boolean can not be converted to an Integer'],
    [[], LIST],
    [{}, STRUCTURE],
  ],
  Boolean: [
    ['true', "'TRUE' can not be converted to an Boolean"],
    [23, `${NUMBER} can not be converted to an Boolean`],
    [[], LIST],
    [{}, STRUCTURE],
  ],
  Timestamp: [
    ['23', 'class java.lang.String can not be converted to milliseconds since epoch'],
    [true, 'class java.lang.Boolean can not be converted to milliseconds since epoch'],
    [[], LIST],
    [{}, STRUCTURE],
  ],
  Blob: [
    [true, 'class java.lang.Boolean can not be converted to a Blob'],
    [23, `${NUMBER} can not be converted to a Blob`],
    [[], LIST],
    [{}, STRUCTURE],
    [
      '23456',
      "'23456' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 5",
    ],
    ['=+/=', "'=+/=' can not be converted to a Blob: Invalid Base64 character: '='"],
    ['abc$', "'abc$' can not be converted to a Blob: Invalid Base64 character: '$'"],
    ['a===', "'a===' can not be converted to a Blob: Invalid Base64 character: '='"],
    [
      '+/+=',
      "'+/+=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected",
    ],
    [
      'AB==',
      "'AB==' can not be converted to a Blob: Invalid last non-pad Base64 character dectected",
    ],
  ],
  List: [
    ['23', 'Expected list or null'],
    [23, 'Expected list or null'],
    [{}, STRUCTURE],
  ],
  Structure: [
    ['23', 'Expected null'],
    [true, 'Expected null'],
    [[], LIST],
  ],
} as const

type Path = (string | number)[]

const MEMBERS: { operation: string; path: Path; type: keyof typeof WRONG }[] = [
  { operation: 'CreateStream', path: ['StreamName'], type: 'String' },
  { operation: 'CreateStream', path: ['ShardCount'], type: 'Integer' },
  { operation: 'CreateStream', path: ['StreamModeDetails'], type: 'Structure' },
  { operation: 'DeleteStream', path: ['StreamName'], type: 'String' },
  { operation: 'DeleteStream', path: ['EnforceConsumerDeletion'], type: 'Boolean' },
  { operation: 'DescribeStream', path: ['Limit'], type: 'Integer' },
  { operation: 'DescribeStream', path: ['ExclusiveStartShardId'], type: 'String' },
  { operation: 'DescribeStream', path: ['StreamName'], type: 'String' },
  { operation: 'DescribeStream', path: ['StreamARN'], type: 'String' },
  { operation: 'DescribeStreamSummary', path: ['StreamName'], type: 'String' },
  { operation: 'GetRecords', path: ['Limit'], type: 'Integer' },
  { operation: 'GetRecords', path: ['ShardIterator'], type: 'String' },
  { operation: 'GetShardIterator', path: ['ShardId'], type: 'String' },
  { operation: 'GetShardIterator', path: ['ShardIteratorType'], type: 'String' },
  { operation: 'GetShardIterator', path: ['StartingSequenceNumber'], type: 'String' },
  { operation: 'GetShardIterator', path: ['StreamName'], type: 'String' },
  { operation: 'GetShardIterator', path: ['Timestamp'], type: 'Timestamp' },
  { operation: 'ListShards', path: ['StreamName'], type: 'String' },
  { operation: 'ListShards', path: ['MaxResults'], type: 'Integer' },
  { operation: 'ListShards', path: ['ExclusiveStartShardId'], type: 'String' },
  { operation: 'ListShards', path: ['NextToken'], type: 'String' },
  { operation: 'ListShards', path: ['StreamCreationTimestamp'], type: 'Timestamp' },
  { operation: 'ListShards', path: ['ShardFilter'], type: 'Structure' },
  { operation: 'ListShards', path: ['ShardFilter', 'Type'], type: 'String' },
  { operation: 'ListShards', path: ['ShardFilter', 'Timestamp'], type: 'Timestamp' },
  { operation: 'ListStreams', path: ['Limit'], type: 'Integer' },
  { operation: 'ListStreams', path: ['ExclusiveStartStreamName'], type: 'String' },
  { operation: 'PutRecord', path: ['SequenceNumberForOrdering'], type: 'String' },
  { operation: 'PutRecord', path: ['PartitionKey'], type: 'String' },
  { operation: 'PutRecord', path: ['ExplicitHashKey'], type: 'String' },
  { operation: 'PutRecord', path: ['Data'], type: 'Blob' },
  { operation: 'PutRecord', path: ['StreamName'], type: 'String' },
  { operation: 'PutRecords', path: ['Records'], type: 'List' },
  { operation: 'PutRecords', path: ['Records', 0], type: 'Structure' },
  { operation: 'PutRecords', path: ['Records', 0, 'PartitionKey'], type: 'String' },
  { operation: 'PutRecords', path: ['Records', 0, 'ExplicitHashKey'], type: 'String' },
  { operation: 'PutRecords', path: ['Records', 0, 'Data'], type: 'Blob' },
  { operation: 'PutRecords', path: ['StreamName'], type: 'String' },
]

function holding(path: Path, value: unknown): unknown {
  return path.reduceRight(
    (inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }),
    value,
  )
}

describe('a member of a wrong type is told before any violated constraint', () => {
  test.each(MEMBERS)('$operation: $path is no $type', async ({ operation, path, type }) => {
    const { kinesis } = kinesisGateway()
    for (const [value, message] of WRONG[type]) {
      const response = await kinesis(operation, holding(path, value))
      await expectKinesisError(response, 'SerializationException', message, expect)
    }
  })

  test('a body that is no JSON object', async () => {
    const { kinesis } = kinesisGateway()
    for (const input of [[], 'text', null]) {
      const response = await kinesis('ListStreams', input)
      await expectKinesisError(response, 'SerializationException', /JSON object/, expect)
    }
  })
})

const LONG = 'a'.repeat(129)
const LONG_KEY = 'a'.repeat(257)
const EMPTY_NAME = [`'' at 'streamName'|${NAME_PATTERN}`, `'' at 'streamName'|${atLeast(1)}`]
const LONG_NAME = `'${LONG}' at 'streamName'|${atMost(128)}`
const HASH_KEY = String.raw`Member must satisfy regular expression pattern: 0|([1-9]\d{0,38})`
const SEQUENCE = String.raw`Member must satisfy regular expression pattern: 0|([1-9]\d{0,128})`
const TYPES =
  'Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]'
const FILTERS =
  'Member must satisfy enum value set: [AFTER_SHARD_ID, AT_TRIM_HORIZON, FROM_TRIM_HORIZON, AT_LATEST, AT_TIMESTAMP, FROM_TIMESTAMP]'
const TOO_LARGE = Buffer.alloc(1048577).toString('base64')
const BUFFER = 'java.nio.HeapByteBuffer[pos=0 lim=1048577 cap=1048577]'
const ENTRY = 'com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry@c965e310'
const tooMany = Array.from({ length: 501 }, () => ({ PartitionKey: '', Data: '' }))
const least = (value: number) => `Member must have value greater than or equal to ${value}`
const most = (value: number) => `Member must have value less than or equal to ${value}`

/** Violations as `VALUE at 'MEMBER'|CONSTRAINT`. */
const VIOLATIONS: { operation: string; input: object; expected: string[] }[] = [
  {
    operation: 'CreateStream',
    input: {},
    expected: [`null at 'shardCount'|${NOT_NULL}`, `null at 'streamName'|${NOT_NULL}`],
  },
  {
    operation: 'CreateStream',
    input: { StreamName: '', StreamModeDetails: { StreamMode: 'PROVISIONED' } },
    expected: [`null at 'shardCount'|${NOT_NULL}`, ...EMPTY_NAME],
  },
  {
    operation: 'CreateStream',
    input: { StreamName: '', StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
    expected: EMPTY_NAME,
  },
  {
    operation: 'CreateStream',
    input: { StreamName: '', ShardCount: 0 },
    expected: [`'0' at 'shardCount'|${least(1)}`, ...EMPTY_NAME],
  },
  {
    operation: 'CreateStream',
    input: { StreamName: LONG, ShardCount: 100_000_000_000 },
    expected: [`'2147483647' at 'shardCount'|${most(100_000)}`, LONG_NAME],
  },
  ...['DeleteStream', 'DescribeStream', 'DescribeStreamSummary'].flatMap((operation) => [
    { operation, input: {}, expected: [`null at 'streamName'|${NOT_NULL}`] },
    { operation, input: { StreamName: null }, expected: [`null at 'streamName'|${NOT_NULL}`] },
    { operation, input: { StreamName: '' }, expected: EMPTY_NAME },
    { operation, input: { StreamName: LONG }, expected: [LONG_NAME] },
  ]),
  {
    operation: 'DescribeStream',
    input: { StreamName: '', Limit: 0, ExclusiveStartShardId: '' },
    expected: [
      `'0' at 'limit'|${least(1)}`,
      `'' at 'exclusiveStartShardId'|${NAME_PATTERN}`,
      `'' at 'exclusiveStartShardId'|${atLeast(1)}`,
      ...EMPTY_NAME,
    ],
  },
  {
    operation: 'DescribeStream',
    input: { StreamARN: 'stream/s' },
    expected: [
      String.raw`'stream/s' at 'streamARN'|Member must satisfy regular expression pattern: arn:aws.*:kinesis:.*:\d{12}:stream/\S+`,
    ],
  },
  {
    operation: 'GetRecords',
    input: {},
    expected: [`null at 'shardIterator'|${NOT_NULL}`],
  },
  {
    operation: 'GetRecords',
    input: { ShardIterator: '', Limit: 0 },
    expected: [`'0' at 'limit'|${least(1)}`, `'' at 'shardIterator'|${atLeast(1)}`],
  },
  {
    operation: 'GetRecords',
    input: { ShardIterator: 'a'.repeat(513), Limit: 100_000 },
    expected: [
      `'100000' at 'limit'|${most(10_000)}`,
      `'${'a'.repeat(513)}' at 'shardIterator'|${atMost(512)}`,
    ],
  },
  {
    operation: 'GetShardIterator',
    input: {},
    expected: ['shardId', 'shardIteratorType', 'streamName'].map(
      (member) => `null at '${member}'|${NOT_NULL}`,
    ),
  },
  {
    operation: 'GetShardIterator',
    input: { StreamName: '', ShardIteratorType: '', ShardId: '', StartingSequenceNumber: '' },
    expected: [
      `'' at 'shardId'|${NAME_PATTERN}`,
      `'' at 'shardId'|${atLeast(1)}`,
      `'' at 'shardIteratorType'|${TYPES}`,
      `'' at 'startingSequenceNumber'|${SEQUENCE}`,
      ...EMPTY_NAME,
    ],
  },
  {
    operation: 'ListShards',
    input: { StreamName: '', NextToken: '', MaxResults: 0, ExclusiveStartShardId: '' },
    expected: [
      `'0' at 'maxResults'|${least(1)}`,
      `'' at 'exclusiveStartShardId'|${NAME_PATTERN}`,
      `'' at 'exclusiveStartShardId'|${atLeast(1)}`,
      ...EMPTY_NAME,
      `'' at 'nextToken'|${atLeast(1)}`,
    ],
  },
  {
    operation: 'ListShards',
    input: { StreamName: 's', ShardFilter: {} },
    expected: [`null at 'shardFilter.type'|${NOT_NULL}`],
  },
  {
    operation: 'ListShards',
    input: { StreamName: 's', ShardFilter: { Type: 'ALL', ShardId: '' } },
    expected: [
      `'ALL' at 'shardFilter.type'|${FILTERS}`,
      `'' at 'shardFilter.shardId'|${NAME_PATTERN}`,
      `'' at 'shardFilter.shardId'|${atLeast(1)}`,
    ],
  },
  {
    operation: 'ListStreams',
    input: { ExclusiveStartStreamName: '', Limit: 0 },
    expected: [
      `'0' at 'limit'|${least(1)}`,
      `'' at 'exclusiveStartStreamName'|${NAME_PATTERN}`,
      `'' at 'exclusiveStartStreamName'|${atLeast(1)}`,
    ],
  },
  {
    operation: 'PutRecord',
    input: {},
    expected: ['partitionKey', 'data', 'streamName'].map(
      (member) => `null at '${member}'|${NOT_NULL}`,
    ),
  },
  {
    operation: 'PutRecord',
    input: {
      StreamName: LONG,
      PartitionKey: LONG_KEY,
      Data: TOO_LARGE,
      ExplicitHashKey: '',
      SequenceNumberForOrdering: '',
    },
    expected: [
      `'' at 'sequenceNumberForOrdering'|${SEQUENCE}`,
      `'${LONG_KEY}' at 'partitionKey'|${atMost(256)}`,
      `'' at 'explicitHashKey'|${HASH_KEY}`,
      `'${BUFFER}' at 'data'|${atMost(1048576)}`,
      LONG_NAME,
    ],
  },
  {
    operation: 'PutRecords',
    input: {},
    expected: [`null at 'records'|${NOT_NULL}`, `null at 'streamName'|${NOT_NULL}`],
  },
  {
    operation: 'PutRecords',
    input: { StreamName: '', Records: [] },
    expected: [`'[]' at 'records'|${atLeast(1)}`, ...EMPTY_NAME],
  },
  {
    operation: 'PutRecords',
    input: { StreamName: '', Records: [{ PartitionKey: '', Data: '', ExplicitHashKey: '' }] },
    expected: [
      `'' at 'records.1.member.partitionKey'|${atLeast(1)}`,
      `'' at 'records.1.member.explicitHashKey'|${HASH_KEY}`,
      ...EMPTY_NAME,
    ],
  },
  {
    operation: 'PutRecords',
    input: {
      StreamName: LONG,
      Records: [{ PartitionKey: LONG_KEY, Data: TOO_LARGE, ExplicitHashKey: '' }],
    },
    expected: [
      `'${LONG_KEY}' at 'records.1.member.partitionKey'|${atMost(256)}`,
      `'' at 'records.1.member.explicitHashKey'|${HASH_KEY}`,
      `'${BUFFER}' at 'records.1.member.data'|${atMost(1048576)}`,
      LONG_NAME,
    ],
  },
  {
    operation: 'PutRecords',
    input: { StreamName: '', Records: tooMany },
    expected: [
      `'[${tooMany.map(() => ENTRY).join(', ')}]' at 'records'|${atMost(500)}`,
      ...Array.from({ length: 9 }, (_, at) => {
        return `'' at 'records.${at + 1}.member.partitionKey'|${atLeast(1)}`
      }),
    ],
  },
]

test.each(VIOLATIONS)(
  '$operation tells what is violated: $expected.0',
  async ({ operation, input, expected }) => {
    const count =
      expected.length === 1 ? '1 validation error' : `${expected.length} validation errors`
    const violations = expected.map((one) => {
      const [, where = '', constraint = ''] = /^([^]*?' *)\|(Member.*)$/.exec(one) ?? []
      return `Value ${where} failed to satisfy constraint: ${constraint}`
    })
    const response = await kinesisGateway().kinesis(operation, input)
    const message = `${count} detected: ${violations.join('; ')}`
    await expectKinesisError(response, 'ValidationException', message, expect)
  },
)
