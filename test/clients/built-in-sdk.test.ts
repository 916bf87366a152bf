import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startAmazon } from '../support/amazon.ts'
import { functionClient } from '../support/function-client.ts'
import { startGateway, until, type LocalGateway } from '../support/local-gateway.ts'
import { zipOf } from '../support/memory-gateway.ts'

// Functions that take `aws-sdk` for granted, as nearly all did, on a real workerd. What they send
// to Amazon's hosts arrives at a server of the test, which checks their signatures.

let amazon: Awaited<ReturnType<typeof startAmazon>>
let gateway: LocalGateway
let functions: ReturnType<typeof functionClient>

beforeAll(async () => {
  amazon = await startAmazon()
  gateway = await startGateway({
    variables: {
      FUNCTION_AWS_ENDPOINTS: `dynamodb=${amazon.url},s3=${amazon.url},sqs=http://localhost:4321,ses=http://127.0.0.1:1`,
      GATEWAY_PORTS: '4321',
    },
  })
  functions = functionClient(gateway)
})

afterAll(async () => {
  await gateway.stop()
  await amazon.stop()
})

async function uploadScript(name: string, source: string, more: Record<string, string> = {}) {
  await functions.upload(name, zipOf({ 'index.js': source, ...more }), { Timeout: '10' })
}

describe('The built-in aws-sdk', () => {
  test('reads and writes DynamoDB and S3 for a function that names no server and no key', async () => {
    await uploadScript(
      'archive',
      `var AWS = require('aws-sdk');
       var s3 = new AWS.S3();
       var table = new AWS.DynamoDB.DocumentClient();
       exports.handler = function (event, context) {
         var object = { Bucket: event.bucket, Key: event.key };
         s3.putObject({ Bucket: event.bucket, Key: event.key, Body: event.text }, function (err) {
           if (err) return context.fail(err);
           s3.getObject(object, function (err, data) {
             if (err) return context.fail(err);
             var item = { id: event.key, text: data.Body.toString(), size: data.ContentLength };
             table.put({ TableName: 'archive', Item: item }, function (err) {
               if (err) return context.fail(err);
               table.get({ TableName: 'archive', Key: { id: event.key } }, function (err, data) {
                 console.log(JSON.stringify(data));
                 context.done(err);
               });
             });
           });
         });
       };`,
    )
    const event = { bucket: 'a-bucket', key: "dir/it's (1)+é&?#.txt", text: 'Grüße' }
    const Item = { id: event.key, text: event.text, size: 7 }
    const [line = ''] = await functions.run('archive', event)
    expect(JSON.parse(line)).toEqual({ Item })
    expect(amazon.seen).toEqual([
      '200 a-bucket.s3.amazonaws.com PUT',
      '200 a-bucket.s3.amazonaws.com GET',
      '200 dynamodb.us-east-1.amazonaws.com POST',
      '200 dynamodb.us-east-1.amazonaws.com POST',
    ])
  })

  test('signs so that a wrong secret is found out', async () => {
    await uploadScript(
      'impostor',
      `var AWS = require('aws-sdk');
       exports.handler = function (event, context) {
         var s3 = new AWS.S3({ accessKeyId: 'function', secretAccessKey: 'wrong' });
         s3.getObject({ Bucket: 'b', Key: 'k' }, function (err) {
           console.log(err.statusCode);
           context.done();
         });
       };`,
    )
    expect(await functions.run('impostor')).toEqual(['403'])
  })

  test('uploads an object that it announces with Expect: 100-continue', async () => {
    await uploadScript(
      'large',
      `var s3 = new (require('aws-sdk').S3)();
       exports.handler = function (event, context) {
         var body = new Buffer(1500000);
         body.fill('x');
         s3.upload({ Bucket: 'b', Key: 'large', Body: body }, function (err) {
           if (err) return context.fail(err);
           s3.getObject({ Bucket: 'b', Key: 'large' }, function (err, data) {
             console.log(data.ContentLength, data.Body.toString() === body.toString());
             context.done(err);
           });
         });
       };`,
    )
    expect(await functions.run('large')).toEqual(['1500000 true'])
  })

  test('has the services that functions of the time used, and says so for others', async () => {
    await uploadScript(
      'services',
      `var AWS = require('aws-sdk');
       exports.handler = function (event, context) {
         var names = 'S3 DynamoDB Kinesis SNS SQS SES STS Lambda CloudWatch CloudWatchLogs';
         console.log(names.split(' ').map(function (name) {
           return new AWS[name]().config.apiVersion || new AWS[name]().api.apiVersion;
         }).join(' '));
         console.log(Object.keys(new AWS.Lambda({ apiVersion: '2014-11-11' }).api.operations)[0]);
         console.log(require('aws-sdk/clients/s3') === AWS.S3, AWS.VERSION);
         try { new AWS.EC2(); } catch (err) { console.log(err.message); }
         context.done();
       };`,
    )
    const lines = await functions.run('services')
    expect(lines).toEqual([
      '2006-03-01 2012-08-10 2013-12-02 2010-03-31 2012-11-05 2010-12-01 2011-06-15 2015-03-31 ' +
        '2010-08-01 2014-03-28',
      'addEventSource',
      'true 2.1693.0',
      expect.stringMatching(/^AWS\.EC2 is not in the built-in aws-sdk, which has CloudWatch, /),
    ])
  })

  test('gives way to the one that a package brings', async () => {
    await uploadScript(
      'own-sdk',
      `exports.handler = function (event, context) {
         console.log(require('aws-sdk'));
         context.done();
       };`,
      { 'node_modules/aws-sdk/index.js': "module.exports = 'my own'" },
    )
    expect(await functions.run('own-sdk')).toEqual(['my own'])
  })
})

describe('A function that calls Lambda', () => {
  const CALLER = `var AWS = require('aws-sdk');
    exports.handler = function (event, context) {
      var lambda = new AWS.Lambda(event.options);
      var call = { FunctionName: 'called', InvokeArgs: JSON.stringify({ by: context.functionName }) };
      lambda.invokeAsync(call, function (err, data) {
        console.log(err ? err.statusCode + ' ' + err.code : data.Status);
        context.done();
      });
    };`

  test('runs another function of the gateway when it signs with a key of the gateway', async () => {
    await uploadScript(
      'called',
      "exports.handler = function (event, context) { console.log('by ' + event.by); context.done(); }",
    )
    await uploadScript('caller', CALLER)
    const options = { accessKeyId: 'local', secretAccessKey: 'local' }
    expect(await functions.run('caller', { options })).toEqual(['202'])
    await until(async () => (await functions.messagesOf('called')).length > 0)
    expect((await functions.messagesOf('called')).join('')).toMatch(/\tby caller\n/)
  })

  test('is refused with the credentials that stand in for a role', async () => {
    await uploadScript('stranger', CALLER)
    expect(await functions.run('stranger')).toEqual(['403 UnrecognizedClientException'])
  })
})

describe('FUNCTION_AWS_ENDPOINTS', () => {
  const caller = (service: string, operation: string) => `
    var client = new (require('aws-sdk').${service})({ maxRetries: 0 });
    exports.handler = function (event, context) {
      client.${operation}(function (err) { console.log(err.message); context.done(); });
    };`

  test('never leads to the gateway itself', async () => {
    await uploadScript('loop', caller('SQS', 'listQueues'))
    expect((await functions.run('loop')).join()).toMatch(/4321 is the gateway's own/)
  })

  test('tells the function which host has no server', async () => {
    await uploadScript('nowhere', caller('SES', 'listIdentities'))
    expect((await functions.run('nowhere')).join()).toMatch(
      /email\.us-east-1\.amazonaws\.com cannot be reached/,
    )
  })
})
