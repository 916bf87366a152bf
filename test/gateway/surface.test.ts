import { AwsV4Signer } from 'aws4fetch'
import { describe, expect, test } from 'vitest'
import { expectError } from '../support/expect-error.ts'
import { ORIGIN, memoryGateway, uploadQuery, zipOf } from '../support/memory-gateway.ts'

// The HTTP surface, `shared/api.md` §5A: what is true of every answer, and of requests that clients
// of the time, or nobody in his right mind, send.

const FUNCTIONS = '/2014-11-13/functions'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const MISMATCH = /^The request signature we calculated does not match/

/** Every operation that works, in both forms of its path. */
const SUCCESSES = [
  { method: 'PUT', path: `${FUNCTIONS}/f`, query: `?${uploadQuery()}`, status: 201 },
  { method: 'GET', path: `${FUNCTIONS}/f`, status: 200 },
  { method: 'GET', path: `${FUNCTIONS}/f/configuration`, status: 200 },
  { method: 'PUT', path: `${FUNCTIONS}/f/configuration`, query: '?Timeout=5', status: 200 },
  { method: 'GET', path: FUNCTIONS, status: 200 },
  { method: 'POST', path: `${FUNCTIONS}/f/invoke-async`, body: '{}', status: 202 },
  { method: 'DELETE', path: `${FUNCTIONS}/f`, status: 204 },
].flatMap((row) => ['', '/'].map((slash) => ({ query: '', ...row, path: row.path + slash })))

function bodyOf(row: { status: number; body?: string }) {
  return row.status === 201 ? zipOf() : row.body
}

describe('every answer', () => {
  test.each(SUCCESSES)(
    'of $method $path has a request id and a type',
    async ({ method, path, query, status, ...row }) => {
      const gateway = memoryGateway()
      await gateway.upload('f')
      const response = await gateway.call(method, path + query, bodyOf({ status, ...row }))
      expect(response.status).toBe(status)
      expect(response.headers.get('x-amzn-RequestId')).toMatch(UUID)
      expect(response.headers.get('x-amzn-ErrorType')).toBeNull()
      expect(response.headers.get('content-type')).toBe('application/json')
      if (status === 202 || status === 204) expect(await response.text()).toBe('')
    },
  )

  test('has a request id of its own, whatever the client calls its request', async () => {
    const { call } = memoryGateway()
    const headers = { 'x-amzn-RequestId': 'mine' }
    const ids = await Promise.all(
      [1, 2].map(async () => {
        const response = await call('GET', FUNCTIONS, undefined, { headers })
        return response.headers.get('x-amzn-RequestId')
      }),
    )
    expect(new Set([...ids, 'mine']).size).toBe(3)
  })

  test.each([
    ['HEAD', FUNCTIONS, 405, 'MethodNotAllowedException'],
    ['OPTIONS', `${FUNCTIONS}/f`, 405, 'MethodNotAllowedException'],
    ['PATCH', `${FUNCTIONS}/f`, 405, 'MethodNotAllowedException'],
    ['POST', FUNCTIONS, 405, 'MethodNotAllowedException'],
    ['PUT', FUNCTIONS, 405, 'MethodNotAllowedException'],
    ['DELETE', FUNCTIONS, 405, 'MethodNotAllowedException'],
    ['POST', `${FUNCTIONS}/f`, 405, 'MethodNotAllowedException'],
    ['POST', `${FUNCTIONS}/f/configuration`, 405, 'MethodNotAllowedException'],
    ['DELETE', `${FUNCTIONS}/f/configuration`, 405, 'MethodNotAllowedException'],
    ['GET', `${FUNCTIONS}/f/invoke-async/`, 405, 'MethodNotAllowedException'],
    ['PUT', `${FUNCTIONS}/f/invoke-async/`, 405, 'MethodNotAllowedException'],
    ['GET', '/', 404, 'UnknownOperationException'],
    ['GET', '/2014-11-13', 404, 'UnknownOperationException'],
    ['GET', '/2015-03-31/functions/', 404, 'UnknownOperationException'],
    ['GET', `${FUNCTIONS}/f/other`, 404, 'UnknownOperationException'],
    ['GET', `${FUNCTIONS}/f/configuration/x`, 404, 'UnknownOperationException'],
    ['GET', `/${FUNCTIONS}`, 404, 'UnknownOperationException'],
    ['PUT', `${FUNCTIONS}//?${uploadQuery()}`, 404, 'UnknownOperationException'],
    ['POST', `${FUNCTIONS}//invoke-async/`, 404, 'UnknownOperationException'],
    ['HEAD', '/nowhere', 405, 'MethodNotAllowedException'],
  ])('to %s %s is AWS-shaped: %i %s', async (method, path, status, code) => {
    const { call } = memoryGateway()
    const response = await call(method, path)
    if (method === 'HEAD') {
      expect(response.status).toBe(status)
      expect(response.headers.get('x-amzn-ErrorType')).toBe(code)
      expect(response.headers.get('x-amzn-RequestId')).toMatch(UUID)
      expect(await response.text()).toBe('')
    } else {
      await expectError(response, code, { status, member: 'message', text: /./ }, expect)
    }
  })
})

describe('bodies that clients send without need', () => {
  test.each([
    {
      client: 'boto 2 and SDK v2 with PUT configuration',
      method: 'PUT',
      path: `${FUNCTIONS}/f/configuration?Timeout=5`,
      body: '{}',
    },
    { client: 'nobody', method: 'PUT', path: `${FUNCTIONS}/f/configuration`, body: 'no json' },
    { client: 'nobody with DELETE', method: 'DELETE', path: `${FUNCTIONS}/f`, body: '{}' },
  ])('$client: are verified and not read', async ({ method, path, body }) => {
    const gateway = memoryGateway()
    await gateway.upload('f')
    const forged = await gateway.call(method, path, body, { sent: `${body} ` })
    const form = { status: 403, member: 'message', text: MISMATCH } as const
    await expectError(forged, 'InvalidSignatureException', form, expect)
    expect((await gateway.call(method, path, body)).status).toBeLessThan(300)
  })
})

describe('headers that clients leave out or vary', () => {
  test.each([undefined, 'binary/octet-stream', 'application/octet-stream', 'text/html', 'x'])(
    'Content-Type %s: any does for a zip and for an event',
    async (type) => {
      const { upload, call } = memoryGateway()
      const headers = { 'content-type': type }
      expect((await upload('f', {}, zipOf(), { headers })).status).toBe(201)
      const path = `${FUNCTIONS}/f/invoke-async/`
      expect((await call('POST', path, '{}', { headers })).status).toBe(202)
    },
  )

  test('Content-Length: UploadFunction needs it', async () => {
    const { upload, ports } = memoryGateway()
    await expectError(
      await upload('f', {}, zipOf(), { headers: { 'content-length': undefined } }),
      'MissingContentLengthException',
      { status: 411, member: 'message', text: /Content-Length/ },
      expect,
    )
    expect((await ports.functions.list(10)).records).toEqual([])
  })

  test('Content-Length: InvokeAsync takes an event without it', async () => {
    const { upload, call } = memoryGateway()
    await upload('f')
    const options = { headers: { 'content-length': undefined } }
    const response = await call('POST', `${FUNCTIONS}/f/invoke-async/`, '{}', options)
    expect(response.status).toBe(202)
  })

  test.each(['Tue, 06 Jan 2015 18:30:35 GMT', '20150106T183035Z'])(
    'X-Amz-Date: Date %s does as well',
    async (date) => {
      const { app } = memoryGateway()
      const headers = await signedByDate(date, '20150106T183035Z')
      expect((await app.request(`${ORIGIN}${FUNCTIONS}/`, { headers })).status).toBe(200)
    },
  )

  test.each(['yesterday', '', '2015-01-06T18:30:35Z x'])(
    'X-Amz-Date: Date %j does not',
    async (date) => {
      const { app } = memoryGateway()
      const headers = await signedByDate(date, '20150106T183035Z')
      await expectError(
        await app.request(`${ORIGIN}${FUNCTIONS}/`, { headers }),
        'IncompleteSignatureException',
        { status: 403, member: 'message', text: /^Date must be in ISO-8601 'basic format'/ },
        expect,
      )
    },
  )
})

describe('x-amz-content-sha256', () => {
  const EVENT = `${FUNCTIONS}/f/invoke-async/`
  const HASH_OF_OTHER = 'a'.repeat(64)

  test.each(['UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', HASH_OF_OTHER, ''])(
    '%j is refused, for it is not the hash of what came',
    async (hash) => {
      const { upload, app, script, ports } = memoryGateway()
      await upload('f')
      const path = `${FUNCTIONS}/g?${uploadQuery()}`
      for (const [method, target, body] of [
        ['POST', EVENT, new TextEncoder().encode('{}')],
        ['PUT', path, zipOf()],
      ] as const) {
        const headers = await signedWithHash(method, target, hash)
        headers.set('content-length', String(body.byteLength))
        const form = { status: 403, member: 'message', text: MISMATCH } as const
        const response = await app.request(ORIGIN + target, { method, headers, body })
        await expectError(response, 'InvalidSignatureException', form, expect)
      }
      expect(script.started).toEqual([])
      expect((await ports.functions.list(10)).records).toHaveLength(1)
    },
  )

  test('that is right is taken', async () => {
    const { upload, app } = memoryGateway()
    await upload('f')
    const hash = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'
    const headers = await signedWithHash('POST', EVENT, hash)
    const response = await app.request(ORIGIN + EVENT, { method: 'POST', headers, body: '{}' })
    expect(response.status).toBe(202)
  })
})

describe('the query', () => {
  test('may spell a blank as a plus, and a plus as %2B', async () => {
    const { upload, call } = memoryGateway()
    await upload('f')
    const response = await call('PUT', `${FUNCTIONS}/f/configuration?Description=a+b%2Bc%20d`, '{}')
    expect(await response.json()).toMatchObject({ Description: 'a b+c d' })
  })

  test.each(['', '?', '?&&', '?Foo', '?Foo=%zz', '?Foo=%ff'])('%j lists', async (query) => {
    const { call } = memoryGateway()
    expect((await call('GET', `${FUNCTIONS}/${query}`)).status).toBe(200)
  })
})

const AWS = { accessKeyId: 'local', secretAccessKey: 'local', service: 'lambda', allHeaders: true }

async function signedWithHash(method: string, path: string, hash: string): Promise<Headers> {
  const { headers } = await new AwsV4Signer({
    ...AWS,
    method,
    url: ORIGIN + path,
    headers: { 'x-amz-content-sha256': hash },
    datetime: '20150106T183035Z',
  }).sign()
  headers.set('host', new URL(ORIGIN).host)
  return headers
}

/** Signed over `Date`, which aws4fetch itself never uses. */
async function signedByDate(date: string, datetime: string): Promise<Headers> {
  const { host } = new URL(ORIGIN)
  const signer = new AwsV4Signer({ ...AWS, method: 'GET', url: `${ORIGIN}${FUNCTIONS}/`, datetime })
  signer.headers.delete('x-amz-date')
  signer.signedHeaders = 'date;host'
  signer.canonicalHeaders = `date:${date}\nhost:${host}`
  return new Headers({ host, date, authorization: await signer.authHeader() })
}
