import { describe, expect, test } from 'vitest'
import { REQUEST_ID, expectError } from '../support/expect-error.ts'
import { uploadQuery, zipOf } from '../support/memory-gateway.ts'
import { basicIso, namesIn, type Wire } from '../support/wire.ts'

// The HTTP surface: what is true of every answer, and of requests that clients of the time, or
// nobody in his right mind, send.

const FUNCTIONS = '/2014-11-13/functions'
const EVENT = `${FUNCTIONS}/f/invoke-async/`
const MISMATCH = {
  status: 403,
  member: 'message',
  text: /^The request signature we calculated does not match/,
} as const

/** Every operation, in both forms of its path. */
const SUCCESSES = [
  { method: 'PUT', path: `${FUNCTIONS}/f`, query: `?${uploadQuery()}`, status: 201 },
  { method: 'GET', path: `${FUNCTIONS}/f`, status: 200 },
  { method: 'GET', path: `${FUNCTIONS}/f/configuration`, status: 200 },
  { method: 'PUT', path: `${FUNCTIONS}/f/configuration`, query: '?Timeout=5', status: 200 },
  { method: 'GET', path: FUNCTIONS, status: 200 },
  { method: 'POST', path: `${FUNCTIONS}/f/invoke-async`, body: '{}', status: 202 },
  { method: 'DELETE', path: `${FUNCTIONS}/f`, status: 204 },
].flatMap((row) => ['', '/'].map((slash) => ({ query: '', ...row, path: row.path + slash })))

const NO_OPERATIONS: [method: string, path: string, status: number, code: string][] = [
  ...[
    ['HEAD', FUNCTIONS],
    ['OPTIONS', `${FUNCTIONS}/f`],
    ['PATCH', `${FUNCTIONS}/f`],
    ['POST', FUNCTIONS],
    ['PUT', FUNCTIONS],
    ['DELETE', FUNCTIONS],
    ['POST', `${FUNCTIONS}/f`],
    ['POST', `${FUNCTIONS}/f/configuration`],
    ['DELETE', `${FUNCTIONS}/f/configuration`],
    ['GET', `${FUNCTIONS}/f/invoke-async/`],
    ['PUT', `${FUNCTIONS}/f/invoke-async/`],
    ['HEAD', '/nowhere'],
  ].map(([method = '', path = '']): [string, string, number, string] => [
    method,
    path,
    405,
    'MethodNotAllowedException',
  ]),
  ...[
    ['GET', '/'],
    ['GET', '/2014-11-13'],
    ['GET', '/2015-03-31/functions/'],
    ['GET', `${FUNCTIONS}/f/other`],
    ['GET', `${FUNCTIONS}/f/configuration/x`],
    ['GET', `/${FUNCTIONS}`],
    ['PUT', `${FUNCTIONS}//?${uploadQuery()}`],
    ['POST', `${FUNCTIONS}//invoke-async/`],
  ].map(([method = '', path = '']): [string, string, number, string] => [
    method,
    path,
    404,
    'UnknownOperationException',
  ]),
]

/** The HTTP surface of a gateway. */
export function surfaceRows(platform: string, fresh: () => Promise<Wire>): void {
  describe(`every answer on ${platform}`, () => {
    test.each(SUCCESSES)(
      'of $method $path has a request id and a type',
      async ({ method, path, query, status, body }) => {
        const { upload, call } = await fresh()
        await upload('f')
        const response = await call(method, path + query, status === 201 ? zipOf() : body)
        expect(response.status).toBe(status)
        expect(response.headers.get('x-amzn-RequestId')).toMatch(REQUEST_ID)
        expect(response.headers.get('x-amzn-ErrorType')).toBeNull()
        expect(response.headers.get('content-type')).toBe('application/json')
        if (status === 202 || status === 204) expect(await response.text()).toBe('')
      },
    )

    test('has a request id of its own, whatever the client calls its request', async () => {
      const { call } = await fresh()
      const signed = { 'x-amzn-RequestId': 'mine' }
      const first = await call('GET', FUNCTIONS, undefined, { signed })
      const second = await call('GET', FUNCTIONS, undefined, { signed })
      const ids = [first, second].map((response) => response.headers.get('x-amzn-RequestId'))
      expect(new Set([...ids, 'mine']).size).toBe(3)
    })

    test.each(NO_OPERATIONS)(
      'to %s %s is AWS-shaped: %i %s',
      async (method, path, status, code) => {
        const { call } = await fresh()
        const response = await call(method, path)
        if (method === 'HEAD') {
          expect(response.status).toBe(status)
          expect(response.headers.get('x-amzn-ErrorType')).toBe(code)
          expect(response.headers.get('x-amzn-RequestId')).toMatch(REQUEST_ID)
          expect(await response.text()).toBe('')
        } else {
          await expectError(response, code, { status, member: 'message', text: /./ }, expect)
        }
      },
    )
  })

  describe(`bodies that nobody needs on ${platform}`, () => {
    // boto 2 and SDK v2 send `{}` with PUT configuration.
    test.each([
      ['PUT', `${FUNCTIONS}/f/configuration?Timeout=5`, '{}'],
      ['PUT', `${FUNCTIONS}/f/configuration`, 'no json'],
      ['DELETE', `${FUNCTIONS}/f`, '{}'],
    ])('%s %s: are verified and not read', async (method, path, body) => {
      const { upload, call } = await fresh()
      await upload('f')
      const forged = await call(method, path, body, { sent: `${body} ` })
      await expectError(forged, 'InvalidSignatureException', MISMATCH, expect)
      expect((await call(method, path, body)).status).toBeLessThan(300)
    })
  })

  describe(`headers that clients leave out or vary on ${platform}`, () => {
    test.each([undefined, 'binary/octet-stream', 'application/octet-stream', 'text/html', 'x'])(
      'Content-Type %s: any does for a zip and for an event',
      async (type) => {
        const { upload, call } = await fresh()
        const headers = { 'content-type': type }
        expect((await upload('f', {}, zipOf(), { headers })).status).toBe(201)
        expect((await call('POST', EVENT, '{}', { headers })).status).toBe(202)
      },
    )

    test.each([
      { form: 'RFC 1123', dateOf: (now: number) => new Date(now).toUTCString() },
      { form: 'ISO 8601 basic', dateOf: basicIso },
    ])('X-Amz-Date: a Date in the form of $form does as well', async ({ dateOf }) => {
      const wire = await fresh()
      const options = { date: dateOf(wire.now()), datetime: basicIso(wire.now()) }
      const response = await wire.call('GET', FUNCTIONS, undefined, options)
      expect(response.status).toBe(200)
    })

    test.each(['yesterday', '2015-01-06T18:30:35Z x'])(
      'X-Amz-Date: Date %j does not',
      async (date) => {
        const wire = await fresh()
        const options = { date, datetime: basicIso(wire.now()) }
        const text = /^Date must be in ISO-8601 'basic format'/
        await expectError(
          await wire.call('GET', FUNCTIONS, undefined, options),
          'IncompleteSignatureException',
          { status: 403, member: 'message', text },
          expect,
        )
      },
    )
  })

  describe(`x-amz-content-sha256 on ${platform}`, () => {
    test.each(['UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'a'.repeat(64)])(
      '%j is refused, for it is not the hash of what came',
      async (hash) => {
        const wire = await fresh()
        await wire.upload('f')
        const options = { signed: { 'x-amz-content-sha256': hash } }
        for (const response of [
          await wire.call('POST', EVENT, '{}', options),
          await wire.upload('g', {}, zipOf(), options),
        ]) {
          await expectError(response, 'InvalidSignatureException', MISMATCH, expect)
        }
        expect(await namesIn(wire)).toEqual(['f'])
      },
    )

    test('that is right is taken', async () => {
      const { upload, call } = await fresh()
      await upload('f')
      const hash = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'
      const options = { signed: { 'x-amz-content-sha256': hash } }
      expect((await call('POST', EVENT, '{}', options)).status).toBe(202)
    })
  })

  describe(`the query on ${platform}`, () => {
    test('may spell a blank as a plus, and a plus as %2B', async () => {
      const { upload, call } = await fresh()
      await upload('f')
      const path = `${FUNCTIONS}/f/configuration?Description=a+b%2Bc%20d`
      expect(await (await call('PUT', path, '{}')).json()).toMatchObject({ Description: 'a b+c d' })
    })

    test.each(['', '?', '?&&', '?Foo', '?Foo=%zz', '?Foo=%ff'])('%j lists', async (query) => {
      const { call } = await fresh()
      expect((await call('GET', `${FUNCTIONS}/${query}`)).status).toBe(200)
    })
  })
}
