import AWS from 'aws-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startGateway, until, type LocalGateway } from '../support/local-gateway.ts'
import { ROLE, zipOf } from '../support/memory-gateway.ts'
import { signedRequest } from '../support/signed-request.ts'
import { startWitness, type Witness } from '../support/witness.ts'

// AWS SDK for JavaScript v2, the client of the time, against `npm start` on a real workerd. What
// functions do is seen from outside: by what they tell a server of the test.

let witness: Witness
let gateway: LocalGateway
let lambda: Lambda2014
let logs: AWS.CloudWatchLogs

/** The operations of API version 2014-11-11, which the SDK's types have long forgotten. */
type Operation = (input?: object) => { promise(): Promise<Record<string, unknown>> }
type Lambda2014 = Record<
  | 'uploadFunction'
  | 'getFunction'
  | 'getFunctionConfiguration'
  | 'updateFunctionConfiguration'
  | 'listFunctions'
  | 'deleteFunction'
  | 'invokeAsync',
  Operation
>

beforeAll(async () => {
  witness = await startWitness()
  gateway = await startGateway({
    variables: {
      INVOKE_RETRY_DELAYS: '0.2,0.2',
      FUNCTION_OUTBOUND: `public,127.0.0.1:${witness.port}`,
    },
  })
  const options = {
    endpoint: gateway.url,
    region: 'us-east-1',
    accessKeyId: 'local',
    secretAccessKey: 'local',
    maxRetries: 0,
  }
  lambda = new AWS.Lambda({ ...options, apiVersion: '2014-11-11' }) as unknown as Lambda2014
  logs = new AWS.CloudWatchLogs(options)
})

afterAll(async () => {
  await gateway.stop()
  await witness.stop()
})

async function upload(FunctionName: string, source: string, more: object = {}) {
  const required = { Runtime: 'nodejs', Role: ROLE, Handler: 'index.handler', Mode: 'event' }
  const FunctionZip = Buffer.from(zipOf({ 'index.js': source }))
  return lambda.uploadFunction({ FunctionName, FunctionZip, ...required, ...more }).promise()
}

async function invoke(FunctionName: string, event: unknown = {}) {
  const InvokeArgs = JSON.stringify(event)
  return lambda.invokeAsync({ FunctionName, InvokeArgs }).promise()
}

/** In a function: `tell(path, callback)` asks the witness for a path. */
const tell = () => `
  var http = require('http');
  function tell(path, callback) {
    http.get('http://127.0.0.1:${witness.port}' + path, function (response) {
      var text = '';
      response.on('data', function (chunk) { text += chunk; });
      response.on('end', function () { callback(null, text); });
    }).on('error', callback);
  }
`

async function messagesOf(functionName: string): Promise<string[]> {
  try {
    const logGroupName = `/aws/lambda/${functionName}`
    const { events = [] } = await logs.filterLogEvents({ logGroupName }).promise()
    return events.map((event) => event.message ?? '')
  } catch (error) {
    if ((error as AWS.AWSError).code === 'ResourceNotFoundException') return []
    throw error
  }
}

async function deadLettersOf(functionName: string) {
  const url = `${gateway.url}/gateway/functions/${functionName}/dead-letters`
  const response = await fetch(await signedRequest(url))
  const body = (await response.json()) as { DeadLetters: Record<string, unknown>[] }
  return body.DeadLetters
}

describe('the functions of the API', () => {
  test('are uploaded, shown, listed, changed, downloaded and deleted', async () => {
    const created = await upload('crud', 'exports.handler = null', { Description: 'a & b' })
    expect(created).toMatchObject({ FunctionName: 'crud', Timeout: 3, Description: 'a & b' })
    expect(await lambda.getFunctionConfiguration({ FunctionName: 'crud' }).promise()).toMatchObject(
      { ConfigurationId: created.ConfigurationId },
    )
    const { Functions } = await lambda.listFunctions({}).promise()
    expect(Functions).toEqual([expect.objectContaining({ FunctionName: 'crud' })])
    const changed = await lambda
      .updateFunctionConfiguration({ FunctionName: 'crud', Timeout: 9 })
      .promise()
    expect(changed).toMatchObject({ Timeout: 9, Description: 'a & b' })
    const got = await lambda.getFunction({ FunctionName: 'crud' }).promise()
    const { Location } = got.Code as { Location: string }
    const download = await fetch(Location)
    expect(Buffer.from(await download.arrayBuffer())).toEqual(
      Buffer.from(zipOf({ 'index.js': 'exports.handler = null' })),
    )
    await lambda.deleteFunction({ FunctionName: 'crud' }).promise()
    await expect(lambda.getFunction({ FunctionName: 'crud' }).promise()).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      statusCode: 404,
    })
  })

  test('answer the SDK with codes that it understands', async () => {
    await expect(upload('bad', '', { Timeout: 61 })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      statusCode: 400,
      message: expect.stringContaining("'61' at 'timeout'"),
    })
    await expect(invoke('nobody')).rejects.toMatchObject({ code: 'ResourceNotFoundException' })
  })
})

describe('an event', () => {
  test('runs the Kinesis sample of 2014 and leaves its output in the log', async () => {
    // ProcessKinesisRecords.js of the preview: undeclared globals, `new Buffer`, `context.done`.
    await upload(
      'kinesis-sample',
      `console.log('Loading event');
       exports.handler = function(event, context) {
         console.log(JSON.stringify(event, null, '  '));
         for(i = 0; i < event.Records.length; ++i) {
           encodedPayload = event.Records[i].kinesis.data;
           payload = new Buffer(encodedPayload, 'base64').toString('ascii');
           console.log('Decoded payload: ' + payload);
         }
         context.done(null, 'Hello World');
       };`,
    )
    const data = Buffer.from('Hello, this is a test.').toString('base64')
    expect(await invoke('kinesis-sample', { Records: [{ kinesis: { data } }] })).toEqual({
      Status: 202,
    })
    await until(async () =>
      (await messagesOf('kinesis-sample')).some((m) => m.startsWith('REPORT')),
    )
    const messages = await messagesOf('kinesis-sample')
    expect(messages.map((message) => message.split(/[\t ]/)[0])).toEqual([
      expect.stringMatching(/Z$/),
      'START',
      expect.stringMatching(/Z$/),
      expect.stringMatching(/Z$/),
      'END',
      'REPORT',
    ])
    expect(messages[3]).toMatch(/\tDecoded payload: Hello, this is a test\.\n$/)
  })

  test('runs once', async () => {
    await upload(
      'once',
      `${tell()} exports.handler = function (event, context) {
         tell('/once/' + event.n + '/' + context.awsRequestId, context.done);
       };`,
    )
    await invoke('once', { n: 1 })
    await until(async () => (await messagesOf('once')).some((text) => text.startsWith('END')))
    await invoke('once', { n: 2 })
    await until(() => witness.seen('/once/2/').length > 0)
    expect(witness.seen('/once/')).toHaveLength(2)
  })

  test('that throws runs exactly three times with one request id, and then lies dead', async () => {
    await upload(
      'thrower',
      `${tell()} exports.handler = function (event, context) {
         tell('/thrower/' + context.awsRequestId, function () { throw new Error('no good'); });
       };`,
    )
    await invoke('thrower', { answer: 42 })
    await until(async () => (await deadLettersOf('thrower')).length > 0)
    const [letter] = await deadLettersOf('thrower')
    expect(letter).toMatchObject({
      Payload: '{"answer":42}',
      Reason: 'Process exited before completing request',
      Attempts: [{}, {}, {}],
    })
    const paths = witness.seen('/thrower/').map((sighting) => sighting.path)
    expect(paths).toEqual(Array(3).fill(`/thrower/${String(letter?.RequestId)}`))
  })

  test('that waits past its Timeout never makes its late request', async () => {
    await upload(
      'late',
      `${tell()} exports.handler = function (event, context) {
         tell('/late-start', function () {
           setTimeout(function () { tell('/too-late', context.done); }, 1500);
         });
       };`,
      { Timeout: 1 },
    )
    await invoke('late')
    await until(async () => (await deadLettersOf('late')).length > 0)
    expect(witness.seen('/late-start')).toHaveLength(3)
    expect(await deadLettersOf('late')).toMatchObject([
      { Reason: 'Task timed out after 1.00 seconds' },
    ])
    // The second and third try started long after the first one's request was due.
    expect(witness.seen('/too-late')).toEqual([])
  })

  test('is one of a hundred over five functions that all run once', async () => {
    const names = ['five-a', 'five-b', 'five-c', 'five-d', 'five-e']
    for (const name of names) {
      await upload(
        name,
        `${tell()} exports.handler = function (event, context) {
           tell('/five/' + context.functionName + '/' + event.n, context.done);
         };`,
        // A busy machine may need more than the 3 s of the default, and a timeout is tried again.
        { Timeout: 60 },
      )
    }
    const events = names.flatMap((name) => Array.from({ length: 20 }, (_, n) => ({ name, n })))
    await Promise.all(events.map(({ name, n }) => invoke(name, { n })))
    await until(() => witness.seen('/five/').length >= events.length)
    const paths = witness.seen('/five/').map((sighting) => sighting.path)
    expect(paths.sort()).toEqual(events.map(({ name, n }) => `/five/${name}/${n}`).sort())
  })

  test('does not wait for a slow one, of its own function or of another', async () => {
    const source = `${tell()} exports.handler = function (event, context) {
      tell(event.path, context.done);
    };`
    await upload('slow', source, { Timeout: 60 })
    await upload('quick', source)
    await invoke('slow', { path: '/hold/slow' })
    await until(() => witness.seen('/hold/slow').length > 0)
    await invoke('quick', { path: '/quick/other' })
    await invoke('slow', { path: '/quick/own' })
    await until(() => witness.seen('/quick/').length === 2)
    const ends = async () => (await messagesOf('slow')).filter((text) => text.startsWith('END'))
    await until(async () => (await ends()).length === 1)
    witness.release()
    await until(async () => (await ends()).length === 2)
  })
})

describe('a function’s way out', () => {
  test('leads to what FUNCTION_OUTBOUND lists and not to the gateway or its tools', async () => {
    await upload(
      'outbound',
      `${tell()} exports.handler = function (event, context) {
         http.get(event.url, function (response) {
           tell('/outbound/' + event.n + '/answered-' + response.statusCode, context.done);
         }).on('error', function (error) {
           console.log(event.url + ': ' + error.message);
           tell('/outbound/' + event.n + '/refused', context.done);
         });
       };`,
    )
    const refused = [
      `${gateway.url}/healthz`,
      `${gateway.url}/cdn-cgi/local/explorer`,
      `http://127.0.0.1:${gateway.inspectorPort}/json`,
      `http://localhost:${gateway.port}/healthz`,
      `http://[::ffff:127.0.0.1]:${gateway.port}/healthz`,
      `http://2130706433:${gateway.port}/healthz`,
      'http://169.254.169.254/latest/meta-data/',
    ]
    const urls = [...refused, `http://127.0.0.1:${witness.port}/reached`]
    await Promise.all(urls.map((url, n) => invoke('outbound', { url, n })))
    await until(() => witness.seen('/outbound/').length >= urls.length)
    expect(
      witness
        .seen('/outbound/')
        .map((sighting) => sighting.path)
        .sort(),
    ).toEqual([
      ...refused.map((_, n) => `/outbound/${n}/refused`),
      `/outbound/${refused.length}/answered-200`,
    ])
    expect(witness.seen('/reached')).toHaveLength(1)
  })
})
