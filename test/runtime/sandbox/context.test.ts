import { afterAll, beforeAll, test } from 'vitest'
import { startSandboxHost, type SandboxHost } from '../../support/sandbox-host.ts'

let host: SandboxHost
beforeAll(async () => {
  host = await startSandboxHost()
})
afterAll(() => host.dispose())

async function contextAfter(expression: string): Promise<unknown> {
  const run = host.instance(
    `exports.handler = function (event, context) { context.done(null, ${expression}) }`,
  )
  const { answer } = await run({ requestId: 'b6aef490-05ab-11e5-9f2e-000000000000' })
  if (answer?.kind !== 'succeeded') throw new Error(JSON.stringify(answer))
  return JSON.parse(answer.result ?? '')
}

test('The context tells who is called, as what, and where its log is', async ({ expect }) => {
  expect(await contextAfter('context')).toEqual({
    awsRequestId: 'b6aef490-05ab-11e5-9f2e-000000000000',
    invokeid: 'b6aef490-05ab-11e5-9f2e-000000000000',
    functionName: 'greet',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:greet',
    memoryLimitInMB: '128',
    logGroupName: '/aws/lambda/greet',
    logStreamName: '0123456789abcdef0123456789abcdef',
    identity: null,
    clientContext: null,
  })
})

test('The functions of the context have the lengths they had in Lambda', async ({ expect }) => {
  const lengths = '[context.done.length, context.succeed.length, context.fail.length]'
  expect(await contextAfter(lengths)).toEqual([0, 1, 1])
})

test('The remaining time is what is left until the timeout', async ({ expect }) => {
  const remaining = await contextAfter('context.getRemainingTimeInMillis()')
  expect(remaining).toBeGreaterThan(1000)
  expect(remaining).toBeLessThanOrEqual(3000)
})

test('The event is the JSON that was sent', async ({ expect }) => {
  const run = host.instance(
    'exports.handler = function (event, context) { context.done(null, event) }',
  )
  for (const event of ['{"a":[1,null]}', '"text"', '0', 'null']) {
    expect((await run({ event })).answer).toEqual({ kind: 'succeeded', result: event })
  }
})

test('The sample of 2014 for Kinesis runs as it was published', async ({ expect }) => {
  const run = host.instance(`
console.log('Loading event');
exports.handler = function(event, context) {
  console.log(JSON.stringify(event, null, '  '));
  for(i = 0; i < event.Records.length; ++i) {
    encodedPayload = event.Records[i].kinesis.data;
    payload = new Buffer(encodedPayload, 'base64').toString('ascii');
    console.log("Decoded payload: " + payload);
  }
  context.done(null, "Hello World");
};`)
  const event = { Records: [{ kinesis: { data: 'SGVsbG8=' } }, { kinesis: { data: 'MjAxNA==' } }] }
  const { answer, lines } = await run({ event: JSON.stringify(event) })
  expect(answer).toEqual({ kind: 'succeeded', result: '"Hello World"' })
  expect(lines).toEqual([
    'Loading event',
    JSON.stringify(event, null, '  '),
    'Decoded payload: Hello',
    'Decoded payload: 2014',
  ])
})
