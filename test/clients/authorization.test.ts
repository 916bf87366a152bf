import AWS from 'aws-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startGateway, type LocalGateway } from '../support/local-gateway.ts'
import { zipOf } from '../support/memory-gateway.ts'

// Each operation by aws-sdk v2: a user who may do that and nothing else, and one who may do
// anything but that.

const ACCOUNT = '000000000000'
const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`
const MAPPING = `arn:aws:lambda:us-east-1:${ACCOUNT}:event-source-mapping:7`
const STREAM = `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/s`
const GROUP = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/g:log-stream:`
const ROLE = `arn:aws:iam::${ACCOUNT}:role/any`
const USER = `arn:aws:iam::${ACCOUNT}:user/u`
const SOME_ROLE = `arn:aws:iam::${ACCOUNT}:role/r`
const TRUST = '{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}'
const POLICY = '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
const SHARD = 'shardId-000000000000'

type Service = 'Lambda' | 'Kinesis' | 'CloudWatchLogs' | 'IAM'
/** A row: what is called, with what, and the resource that policies know it by. */
type Row = [service: Service, action: string, parameters: object, resource: string]

const UPLOAD = {
  FunctionName: 'f',
  FunctionZip: Buffer.from(zipOf()),
  Runtime: 'nodejs',
  Role: ROLE,
  Handler: 'index.handler',
  Mode: 'event',
}
const SOURCE = { FunctionName: 'f', EventSource: STREAM, Role: ROLE }

const ROWS: Row[] = [
  ['Lambda', 'UploadFunction', UPLOAD, FUNCTION],
  ['Lambda', 'GetFunction', { FunctionName: 'f' }, FUNCTION],
  ['Lambda', 'GetFunctionConfiguration', { FunctionName: 'f' }, FUNCTION],
  ['Lambda', 'UpdateFunctionConfiguration', { FunctionName: 'f' }, FUNCTION],
  ['Lambda', 'ListFunctions', {}, '*'],
  ['Lambda', 'InvokeAsync', { FunctionName: 'f', InvokeArgs: '{}' }, FUNCTION],
  ['Lambda', 'AddEventSource', SOURCE, FUNCTION],
  ['Lambda', 'GetEventSource', { UUID: '7' }, MAPPING],
  ['Lambda', 'ListEventSources', {}, '*'],
  ['Lambda', 'RemoveEventSource', { UUID: '7' }, MAPPING],
  ['Lambda', 'DeleteFunction', { FunctionName: 'f' }, FUNCTION],
  ['Kinesis', 'CreateStream', { StreamName: 's', ShardCount: 1 }, STREAM],
  ['Kinesis', 'DescribeStream', { StreamName: 's' }, STREAM],
  ['Kinesis', 'DescribeStreamSummary', { StreamName: 's' }, STREAM],
  ['Kinesis', 'ListStreams', {}, '*'],
  ['Kinesis', 'ListShards', { StreamName: 's' }, STREAM],
  ['Kinesis', 'PutRecord', { StreamName: 's', Data: 'x', PartitionKey: 'k' }, STREAM],
  [
    'Kinesis',
    'PutRecords',
    { StreamName: 's', Records: [{ Data: 'x', PartitionKey: 'k' }] },
    STREAM,
  ],
  [
    'Kinesis',
    'GetShardIterator',
    { StreamName: 's', ShardId: SHARD, ShardIteratorType: 'LATEST' },
    STREAM,
  ],
  ['Kinesis', 'DeleteStream', { StreamName: 's' }, STREAM],
  ['CloudWatchLogs', 'CreateLogGroup', { logGroupName: '/g' }, GROUP],
  ['CloudWatchLogs', 'PutRetentionPolicy', { logGroupName: '/g', retentionInDays: 1 }, GROUP],
  ['CloudWatchLogs', 'DeleteRetentionPolicy', { logGroupName: '/g' }, GROUP],
  ['CloudWatchLogs', 'DescribeLogGroups', { logGroupNamePrefix: '/g' }, GROUP],
  ['CloudWatchLogs', 'DescribeLogStreams', { logGroupName: '/g' }, GROUP],
  ['CloudWatchLogs', 'FilterLogEvents', { logGroupName: '/g' }, GROUP],
  ['CloudWatchLogs', 'GetLogEvents', { logGroupName: '/g', logStreamName: 'x' }, `${GROUP}x`],
  ['CloudWatchLogs', 'DeleteLogGroup', { logGroupName: '/g' }, GROUP],
  ['IAM', 'CreateUser', { UserName: 'u' }, USER],
  ['IAM', 'GetUser', { UserName: 'u' }, USER],
  ['IAM', 'ListUsers', {}, `arn:aws:iam::${ACCOUNT}:user/`],
  ['IAM', 'CreateAccessKey', { UserName: 'u' }, USER],
  ['IAM', 'ListAccessKeys', { UserName: 'u' }, USER],
  [
    'IAM',
    'UpdateAccessKey',
    { UserName: 'u', AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA', Status: 'Inactive' },
    USER,
  ],
  ['IAM', 'DeleteAccessKey', { UserName: 'u', AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }, USER],
  ['IAM', 'PutUserPolicy', { UserName: 'u', PolicyName: 'p', PolicyDocument: POLICY }, USER],
  ['IAM', 'GetUserPolicy', { UserName: 'u', PolicyName: 'p' }, USER],
  ['IAM', 'ListUserPolicies', { UserName: 'u' }, USER],
  ['IAM', 'DeleteUserPolicy', { UserName: 'u', PolicyName: 'p' }, USER],
  ['IAM', 'DeleteUser', { UserName: 'u' }, USER],
  ['IAM', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: TRUST }, SOME_ROLE],
  ['IAM', 'GetRole', { RoleName: 'r' }, SOME_ROLE],
  ['IAM', 'ListRoles', {}, `arn:aws:iam::${ACCOUNT}:role/`],
  ['IAM', 'PutRolePolicy', { RoleName: 'r', PolicyName: 'p', PolicyDocument: POLICY }, SOME_ROLE],
  ['IAM', 'GetRolePolicy', { RoleName: 'r', PolicyName: 'p' }, SOME_ROLE],
  ['IAM', 'ListRolePolicies', { RoleName: 'r' }, SOME_ROLE],
  ['IAM', 'DeleteRolePolicy', { RoleName: 'r', PolicyName: 'p' }, SOME_ROLE],
  ['IAM', 'DeleteRole', { RoleName: 'r' }, SOME_ROLE],
]

/** What policies call each service. */
const PREFIX = { Lambda: 'lambda', Kinesis: 'kinesis', CloudWatchLogs: 'logs', IAM: 'iam' }

let gateway: LocalGateway
let users = 0

beforeAll(async () => {
  gateway = await startGateway()
})

afterAll(() => gateway.stop())

interface Keys {
  accessKeyId: string
  secretAccessKey: string
}
const LOCAL: Keys = { accessKeyId: 'local', secretAccessKey: 'local' }

/** The operation's outcome: what it answers, or the error. */
async function outcomeOf(keys: Keys, service: Service, action: string, parameters: object) {
  const options = { endpoint: gateway.url, region: 'us-east-1', maxRetries: 0, ...keys }
  const client = new AWS[service]({
    ...options,
    ...(service === 'Lambda' ? { apiVersion: '2014-11-11' } : {}),
  })
  const operation = action.charAt(0).toLowerCase() + action.slice(1)
  return new Promise<AWS.AWSError | undefined>((resolve) => {
    client.makeRequest(operation, parameters, (error: AWS.AWSError | null) =>
      resolve(error ?? undefined),
    )
  })
}

/** A user with one policy, and a key of his. */
async function userWith(...Statement: object[]): Promise<Keys & { arn: string }> {
  const iam = new AWS.IAM({ endpoint: gateway.url, region: 'us-east-1', ...LOCAL })
  const UserName = `user-${users++}`
  const { User } = await iam.createUser({ UserName }).promise()
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.putUserPolicy({ UserName, PolicyName: 'policy', PolicyDocument }).promise()
  const { AccessKey } = await iam.createAccessKey({ UserName }).promise()
  return {
    accessKeyId: AccessKey.AccessKeyId,
    secretAccessKey: AccessKey.SecretAccessKey,
    arn: User?.Arn ?? '',
  }
}

const passRole = { Effect: 'Allow', Action: 'iam:PassRole', Resource: ROLE }

describe('one allow and one deny', () => {
  test.each(ROWS)('%s %s', async (service, action, parameters, resource) => {
    const name = `${PREFIX[service]}:${action}`
    const allowed = await userWith({ Effect: 'Allow', Action: name, Resource: resource }, passRole)
    const denied = await userWith({ Effect: 'Allow', NotAction: name, Resource: '*' })
    const refusal = await outcomeOf(denied, service, action, parameters)
    expect([refusal?.code, refusal?.message]).toEqual([
      service === 'IAM' ? 'AccessDenied' : 'AccessDeniedException',
      `User: ${denied.arn} is not authorized to perform: ${name} on resource: ${resource}`,
    ])
    expect(refusal?.statusCode).toBe(['Lambda', 'IAM'].includes(service) ? 403 : 400)
    const outcome = await outcomeOf(allowed, service, action, parameters)
    expect(['AccessDenied', 'AccessDeniedException']).not.toContain(outcome?.code)
  })

  test('Kinesis GetRecords, by the stream of its iterator', async () => {
    const root = new AWS.Kinesis({ endpoint: gateway.url, region: 'us-east-1', ...LOCAL })
    await root.createStream({ StreamName: 's', ShardCount: 1 }).promise()
    await root.waitFor('streamExists', { StreamName: 's' }).promise()
    const asked = { StreamName: 's', ShardId: SHARD, ShardIteratorType: 'LATEST' }
    const { ShardIterator } = await root.getShardIterator(asked).promise()
    const allowed = await userWith({
      Effect: 'Allow',
      Action: 'kinesis:GetRecords',
      Resource: STREAM,
    })
    const denied = await userWith({
      Effect: 'Allow',
      Action: '*',
      NotResource: STREAM,
    })
    expect(await outcomeOf(allowed, 'Kinesis', 'GetRecords', { ShardIterator })).toBeUndefined()
    expect((await outcomeOf(denied, 'Kinesis', 'GetRecords', { ShardIterator }))?.message).toBe(
      `User: ${denied.arn} is not authorized to perform: kinesis:GetRecords on resource: ${STREAM}`,
    )
  })
})

describe('a Role may be given by who may pass it', () => {
  const all = { Effect: 'Allow', Action: '*', Resource: '*' }
  test.each([
    ['UploadFunction', UPLOAD],
    ['UpdateFunctionConfiguration', { FunctionName: 'f', Role: ROLE }],
    ['AddEventSource', SOURCE],
  ])('%s', async (action, parameters) => {
    const denied = await userWith(all, { ...passRole, Effect: 'Deny' })
    const refusal = await outcomeOf(denied, 'Lambda', action, parameters)
    expect([refusal?.code, refusal?.message]).toEqual([
      'AccessDeniedException',
      `User: ${denied.arn} is not authorized to perform: iam:PassRole on resource: ${ROLE}`,
    ])
    const toLambda = { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }
    const allowed = await userWith(
      { ...all, Action: 'lambda:*' },
      { ...passRole, Condition: toLambda },
    )
    const outcome = await outcomeOf(allowed, 'Lambda', action, parameters)
    expect(outcome?.code).not.toBe('AccessDeniedException')
  })
})

test('a refusal does not tell whether there is such a function', async () => {
  const nobody = await userWith({ Effect: 'Deny', Action: '*', Resource: '*' })
  await outcomeOf(LOCAL, 'Lambda', 'UploadFunction', { ...UPLOAD, FunctionName: 'there' })
  const [there, gone] = await Promise.all(
    ['there', 'gone'].map((FunctionName) =>
      outcomeOf(nobody, 'Lambda', 'GetFunction', { FunctionName }),
    ),
  )
  expect(there?.code).toBe(gone?.code)
  expect(there?.message.replace('there', 'X')).toBe(gone?.message.replace('gone', 'X'))
})
