import { describe, expect, test } from 'vitest'
import { expectError } from '../support/expect-error.ts'
import { ORIGIN, memoryGateway, uploadQuery, zipOf } from '../support/memory-gateway.ts'
import { signedRequest } from '../support/signed-request.ts'

const LIST = '/2014-11-13/functions/'

describe('rejects', () => {
  test('a request without a signature', async () => {
    const { app } = memoryGateway()
    await expectError(
      await app.request(ORIGIN + LIST),
      'MissingAuthenticationTokenException',
      { status: 403, member: 'message', text: 'Missing Authentication Token' },
      expect,
    )
  })

  test.each([
    {
      name: 'an unknown access key',
      sign: { accessKeyId: 'someone' },
      code: 'UnrecognizedClientException',
      text: 'The security token included in the request is invalid.',
    },
    {
      name: 'a wrong secret',
      sign: { secretAccessKey: 'guess' },
      code: 'InvalidSignatureException',
      text: /^The request signature we calculated does not match/,
    },
    {
      name: 'another region, and tells the right one',
      sign: { region: 'eu-west-1' },
      code: 'InvalidSignatureException',
      text: "Credential should be scoped to a valid region, not 'eu-west-1'. Expected 'us-east-1'.",
    },
    {
      name: 'another service',
      sign: { service: 's3' },
      code: 'InvalidSignatureException',
      text: "Credential should be scoped to correct service: 'lambda'.",
    },
    {
      name: 'a signature from before 15 minutes',
      sign: { datetime: '20150106T181535Z' },
      code: 'InvalidSignatureException',
      text: 'Signature expired: 20150106T181535Z is now earlier than 20150106T181535Z (20150106T183035Z - 15 min.)',
    },
    {
      name: 'a signature from 16 minutes ahead',
      sign: { datetime: '20150106T184635Z' },
      code: 'InvalidSignatureException',
      text: /^Signature not yet current: 20150106T184635Z is still later than 20150106T184535Z/,
    },
  ])('$name', async ({ sign, code, text }) => {
    const { call } = memoryGateway()
    const response = await call('GET', LIST, undefined, sign)
    await expectError(response, code, { status: 403, member: 'message', text }, expect)
  })

  test.each([
    { name: 'another algorithm', header: 'Basic abc', text: /Unsupported AWS 'algorithm'/ },
    {
      name: 'missing parts, naming each',
      header: 'AWS4-HMAC-SHA256 Credential=local/20150106/us-east-1/lambda/aws4_request',
      text: "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.",
    },
    {
      name: 'header names that are none',
      header:
        'AWS4-HMAC-SHA256 Credential=local/20150106/us-east-1/lambda/aws4_request, SignedHeaders=;host, Signature=0',
      text: "'SignedHeaders' must be header names, parted by semicolons.",
    },
    {
      name: 'more names of headers than anyone signs',
      header: `AWS4-HMAC-SHA256 Credential=local/20150106/us-east-1/lambda/aws4_request, SignedHeaders=${'a;'.repeat(100)}host, Signature=0`,
      text: "'SignedHeaders' must name at most 100 headers.",
    },
    {
      name: 'a credential with too few parts',
      header: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=0',
      text: /exactly 5 slash-delimited elements/,
    },
  ])('an Authorization header with $name', async ({ header, text }) => {
    const { app } = memoryGateway()
    const response = await app.request(ORIGIN + LIST, { headers: { authorization: header } })
    await expectError(
      response,
      'IncompleteSignatureException',
      { status: 403, member: 'message', text },
      expect,
    )
  })

  test('a body that is not the one that was signed, and stores nothing of it', async () => {
    const { call, ports } = memoryGateway()
    const signed = await call('PUT', `/2014-11-13/functions/f?${uploadQuery()}`, zipOf(), {
      secretAccessKey: 'guess',
    })
    await expectError(
      signed,
      'InvalidSignatureException',
      { status: 403, member: 'message', text: /does not match/ },
      expect,
    )
    expect((await ports.functions.list(10)).records).toEqual([])
  })

  test('everything while the secrets are not set, and names them', async () => {
    const { call } = memoryGateway({
      variables: { ROOT_ACCESS_KEY_ID: '', ROOT_SECRET_ACCESS_KEY: '', KEY_ENCRYPTION_SECRET: '' },
    })
    await expectError(
      await call('GET', LIST),
      'UnrecognizedClientException',
      {
        status: 403,
        member: 'message',
        text: /Set ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY, KEY_ENCRYPTION_SECRET\./,
      },
      expect,
    )
  })
})

test('a signature for logs opens no route of Lambda, whatever X-Amz-Target says', async () => {
  const { app, clock } = memoryGateway()
  const datetime = new Date(clock.now()).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const headers = { 'x-amz-target': 'Logs_20140328.FilterLogEvents' }
  const signed = await signedRequest(ORIGIN + LIST, { headers }, { datetime, service: 'logs' })
  const response = await app.request(ORIGIN + LIST, {
    headers: { ...Object.fromEntries(signed.headers), host: new URL(ORIGIN).host },
  })
  expect(await response.json()).toMatchObject({
    message: "Credential should be scoped to correct service: 'lambda'.",
  })
})

describe('lets through', () => {
  test('the health check, unsigned', async () => {
    const { app } = memoryGateway()
    const response = await app.request(`${ORIGIN}/healthz`)
    expect(response.status).toBe(200)
  })

  test.each(['20150106T181536Z', '20150106T184535Z'])('a signature of %s', async (datetime) => {
    const { call } = memoryGateway()
    const response = await call('GET', LIST, undefined, { datetime })
    if (response.status !== 200) throw new Error(await response.text())
  })
})

describe('answers in AWS form', () => {
  test('an unknown route', async () => {
    const { call } = memoryGateway()
    await expectError(
      await call('GET', '/2015-03-31/functions/'),
      'UnknownOperationException',
      {
        status: 404,
        member: 'message',
        text: /^There is no operation GET \/2015-03-31\/functions\. Version 2014-11-11 is served/,
      },
      expect,
    )
  })

  test.each([
    ['PATCH', '/2014-11-13/functions/f'],
    ['POST', '/2014-11-13/functions/f'],
    ['DELETE', '/2014-11-13/functions/f/configuration'],
    ['GET', '/2014-11-13/functions/f/invoke-async/'],
    ['OPTIONS', '/2014-11-13/functions/'],
  ])('a wrong method: %s %s', async (method, path) => {
    const { call } = memoryGateway()
    await expectError(
      await call(method, path),
      'MethodNotAllowedException',
      { status: 405, member: 'message', text: new RegExp(method) },
      expect,
    )
  })

  test('an internal failure, with a request id and nothing of its cause', async () => {
    const { ports, call } = memoryGateway()
    ports.functions.list = () => Promise.reject(new Error('secret of the store'))
    const response = await call('GET', LIST)
    const text = await response.clone().text()
    await expectError(
      response,
      'ServiceException',
      { status: 500, member: 'Message', text: /internal error \(request id [0-9a-f-]{36}\)/ },
      expect,
    )
    expect(text).not.toContain('secret of the store')
  })
})
