import AWS from 'aws-sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { functionClient } from '../support/function-client.ts'
import { startGateway, type LocalGateway } from '../support/local-gateway.ts'
import { ROLE, uploadQuery, zipOf } from '../support/memory-gateway.ts'
import { signedRequest } from '../support/signed-request.ts'

// Functions that act as their roles, on a real workerd: the built-in aws-sdk finds their credentials
// by itself, and what it sends to Amazon's hosts is answered by the gateway.

const ACCOUNT = 'arn:aws:iam::000000000000'
const STREAM = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders'

let gateway: LocalGateway
let functions: ReturnType<typeof functionClient>
let iam: AWS.IAM
let kinesis: AWS.Kinesis

beforeAll(async () => {
  gateway = await startGateway()
  functions = functionClient(gateway)
  const options = {
    endpoint: gateway.url,
    region: 'us-east-1',
    accessKeyId: 'local',
    secretAccessKey: 'local',
  }
  iam = new AWS.IAM(options)
  kinesis = new AWS.Kinesis(options)
  await kinesis.createStream({ StreamName: 'orders', ShardCount: 1 }).promise()
  await kinesis.waitFor('streamExists', { StreamName: 'orders' }).promise()
})

afterAll(() => gateway.stop())

const documentOf = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statement })

async function createRole(RoleName: string, service: string, statement?: object): Promise<string> {
  const AssumeRolePolicyDocument = documentOf({
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sts:AssumeRole',
  })
  const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument }).promise()
  if (statement !== undefined) {
    const PolicyDocument = documentOf(statement)
    await iam.putRolePolicy({ RoleName, PolicyName: 'policy', PolicyDocument }).promise()
  }
  return Role.Arn
}

const PUT_RECORD = `
  var AWS = require('aws-sdk');
  exports.handler = function (event, context) {
    new AWS.STS().getCallerIdentity({}, function (err, me) {
      if (err) return context.fail(err);
      console.log(me.Arn);
      var record = { StreamName: 'orders', PartitionKey: 'k', Data: event.text };
      new AWS.Kinesis().putRecord(record, function (err, data) {
        console.log(err ? err.code + ': ' + err.message : data.ShardId);
        context.done();
      });
    });
  };`

test('a function puts a record into a stream as its role, and names no server and no key', async () => {
  const Role = await createRole('writer', 'lambda.amazonaws.com', {
    Effect: 'Allow',
    Action: 'kinesis:PutRecord',
    Resource: STREAM,
  })
  await functions.upload('writer', zipOf({ 'index.js': PUT_RECORD }), { Role })
  expect(await functions.run('writer', { text: 'first' })).toEqual([
    'arn:aws:sts::000000000000:assumed-role/writer/writer',
    'shardId-000000000000',
  ])
  const shard = { StreamName: 'orders', ShardId: 'shardId-000000000000' }
  const { ShardIterator = '' } = await kinesis
    .getShardIterator({ ...shard, ShardIteratorType: 'TRIM_HORIZON' })
    .promise()
  const { Records } = await kinesis.getRecords({ ShardIterator }).promise()
  expect(Records.map(({ Data }) => Buffer.from(Data as Uint8Array).toString())).toEqual(['first'])
})

test('without the permission it is denied, and its log says so', async () => {
  const Role = await createRole('reader', 'lambda.amazonaws.com', {
    Effect: 'Allow',
    Action: 'kinesis:GetRecords',
    Resource: STREAM,
  })
  await functions.upload('reader', zipOf({ 'index.js': PUT_RECORD }), { Role })
  expect(await functions.run('reader', { text: 'second' })).toEqual([
    'arn:aws:sts::000000000000:assumed-role/reader/reader',
    `AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role/reader/reader is not authorized to perform: kinesis:PutRecord on resource: ${STREAM}`,
  ])
})

test('a function whose role is not there is nobody, and no function sees a key of the gateway’s', async () => {
  const source = `
    var AWS = require('aws-sdk');
    exports.handler = function (event, context) {
      console.log(JSON.stringify(process.env));
      new AWS.STS().getCallerIdentity({}, function (err) {
        console.log(err.code);
        context.done();
      });
    };`
  await functions.upload('nobody', zipOf({ 'index.js': source }), { Role: `${ACCOUNT}:role/none` })
  const [environment = '', code] = await functions.run('nobody')
  expect(code).toBe('InvalidClientTokenId')
  const variables = JSON.parse(environment) as Record<string, string>
  expect(variables.AWS_SESSION_TOKEN).toBeUndefined()
  expect(Object.values(variables)).not.toContain('local')
})

test('a role that does not trust Lambda is refused', async () => {
  const Role = await createRole('ec2', 'ec2.amazonaws.com')
  const path = `/2014-11-13/functions/refused?${uploadQuery({ Role })}`
  const upload = { method: 'PUT', body: zipOf() }
  const response = await fetch(await signedRequest(gateway.url + path, upload))
  expect([response.status, await response.json()]).toEqual([
    400,
    {
      Type: 'User',
      message: 'The role defined for the function cannot be assumed by Lambda.',
    },
  ])
})

test('a role that is not there is good enough where none is required', async () => {
  await functions.upload('old', zipOf(), { Role: ROLE })
  expect(await functions.run('old')).toEqual([])
})
