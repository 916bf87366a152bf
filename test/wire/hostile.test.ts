import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { isDenoEdition, startGateway, type LocalGateway } from '../support/local-gateway.ts'
import { uploadQuery, zipOf } from '../support/memory-gateway.ts'
import { portWire } from '../support/port-wire.ts'
import { chunked, headOf, sendRaw, type RawRequest } from '../support/raw-request.ts'
import { sign } from '../support/sign.ts'
import { namesIn, type Body } from '../support/wire.ts'

// Requests that no HTTP client can be made to send, written to the socket of a real gateway. What
// the platform refuses before the gateway sees it has no AWS form; it has to have some answer.
const TOO_LONG = isDenoEdition ? 431 : 414
const NO_METHOD = isDenoEdition ? 400 : 501

const FUNCTIONS = '/2014-11-13/functions'
const UPLOAD = `${FUNCTIONS}/f?${uploadQuery()}`

let gateway: LocalGateway
let wire: ReturnType<typeof portWire>

beforeAll(async () => {
  gateway = await startGateway()
  wire = portWire(gateway.port)
})

afterAll(() => gateway.stop())

afterEach(async () => {
  await wire.call('DELETE', `${FUNCTIONS}/f`)
})

interface Changes {
  headers?: Record<string, string>
  body?: RawRequest['body']
  awaitsContinue?: boolean
}

/** Signs one request and sends another. */
async function send(method: string, target: string, signed: Body, changes: Changes = {}) {
  const headers = await sign(method, `http://127.0.0.1:${gateway.port}${target}`, signed)
  for (const [name, value] of Object.entries(changes.headers ?? {})) headers.set(name, value)
  const { body = [signed], awaitsContinue = false } = changes
  return sendRaw(gateway.port, { method, target, headers, body, awaitsContinue })
}

const lengthOf = (body: Body) => ({ 'content-length': String(Buffer.byteLength(body)) })
const codeIn = ({ headers }: { headers: Headers }) => headers.get('x-amzn-ErrorType')

describe('a body', () => {
  test('in chunks is refused where it is a zip: 411', async () => {
    const zip = zipOf()
    const headers = { 'transfer-encoding': 'chunked' }
    const answer = await send('PUT', UPLOAD, zip, { headers, body: [chunked(zip)] })
    expect([answer.status, codeIn(answer)]).toEqual([411, 'MissingContentLengthException'])
    expect(answer.headers.get('x-amzn-RequestId')).not.toBeNull()
    expect(await namesIn(wire)).toEqual([])
  })

  test('in chunks is taken where it is an event', async () => {
    await wire.upload('f')
    const headers = { 'transfer-encoding': 'chunked' }
    const body = [chunked(Buffer.from('{}'))]
    const answer = await send('POST', `${FUNCTIONS}/f/invoke-async/`, '{}', { headers, body })
    expect(answer.status).toBe(202)
    expect(answer.headers.get('content-length')).toBe('0')
    expect(answer.body.byteLength).toBe(0)
  })

  test('longer than it is said to be is cut, so that its signature is wrong', async () => {
    const zip = zipOf()
    const headers = lengthOf(zip.slice(0, -10))
    const answer = await send('PUT', UPLOAD, zip, { headers })
    expect(codeIn(answer)).toBe('InvalidSignatureException')
    expect(await namesIn(wire)).toEqual([])
  })

  test.each(['abc', '-1', '1e3', '99999999999999999999'])(
    'of the length %s is refused',
    async (length) => {
      const answer = await send('PUT', UPLOAD, zipOf(), { headers: { 'content-length': length } })
      expect(answer.status).toBe(400)
    },
  )

  // Whoever waited for its end would wait until the client goes.
  test.each(['gzip', 'identity', 'xchunked', 'chunked, gzip'])(
    'in %s, which does not say where it ends, is refused at once',
    async (coding) => {
      const headers = { 'transfer-encoding': coding }
      const beganAt = performance.now()
      const answer = await send('GET', `${FUNCTIONS}/`, '', { headers })
      expect(answer.status).toBe(400)
      expect(performance.now() - beganAt).toBeLessThan(5000)
    },
  )

  // boto 2 sends `{}` with GET as well.
  test.each(['/', '/f', '/f/configuration'])('is no hindrance to GET %s', async (path) => {
    await wire.upload('f')
    const answer = await send('GET', FUNCTIONS + path, '{}', { headers: lengthOf('{}') })
    expect(answer.status).toBe(200)
  })

  test('that waits for 100 Continue gets it, as botocore asks', async () => {
    const zip = zipOf()
    const headers = { ...lengthOf(zip), expect: '100-continue' }
    const answer = await send('PUT', UPLOAD, zip, { headers, awaitsContinue: true })
    expect([answer.interim, answer.status]).toEqual([[100], 201])
  })

  test('one byte over 50 MB is refused in AWS’s words', async () => {
    const zip = new Uint8Array(52_428_801)
    const answer = await send('PUT', UPLOAD, zip, { headers: lengthOf(zip) })
    expect([answer.status, codeIn(answer)]).toEqual([400, 'InvalidParameterValueException'])
    expect(answer.body.toString()).toContain('Zipped size must be smaller than 52428800 bytes')
  })

  test('that breaks off leaves nothing behind, and others are served', async () => {
    const zip = zipOf()
    const url = `http://127.0.0.1:${gateway.port}${UPLOAD}`
    const headers = await sign('PUT', url, zip)
    headers.set('content-length', String(zip.byteLength))
    const socket = connect(gateway.port, '127.0.0.1')
    socket.write(headOf({ method: 'PUT', target: UPLOAD, headers }))
    await new Promise((resolve) => socket.write(zip.slice(0, 50), resolve))
    socket.destroy()
    expect(await namesIn(wire)).toEqual([])
    expect((await wire.upload('f')).status).toBe(201)
  })

  test('that was refused unread does not become the next request', async () => {
    const inner = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3000)
    const target = `${FUNCTIONS}/f?Timeout=0`
    const headers = await sign('PUT', `http://127.0.0.1:${gateway.port}${target}`, inner)
    headers.set('content-length', String(inner.length))
    const lines = Array.from(headers, ([name, value]) => `${name}: ${value}\r\n`).join('')
    const first = `PUT ${target} HTTP/1.1\r\n${lines}\r\n${inner}`
    const second = `GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`
    const received = await new Promise<string>((resolve) => {
      let text = ''
      const socket = connect(gateway.port, '127.0.0.1', () => socket.write(first + second))
      socket.on('data', (chunk) => (text += chunk.toString()))
      socket.on('close', () => resolve(text))
    })
    // The connection may end with the refusal, but nothing in the body is answered.
    const answers = received.match(/^HTTP\/1\.1 \d{3}/gm) ?? []
    expect(answers[0]).toBe('HTTP/1.1 400')
    expect(answers).not.toContain('HTTP/1.1 200')
  })
})

test('a request with two Hosts is not served', async () => {
  const headers = [
    ['Host', 'a.test'],
    ['host', 'b.test'],
  ] as const
  const answer = await sendRaw(gateway.port, { method: 'GET', target: '/healthz', headers })
  // workerd itself refuses it, with a 500.
  expect(answer.status).toBe(isDenoEdition ? 400 : 500)
})

test.skipIf(!isDenoEdition)('a Host that is none does not become part of the path', async () => {
  const headers = [['Host', 'a.test/healthz?']] as const
  const answer = await sendRaw(gateway.port, { method: 'GET', target: '/x', headers })
  expect(answer.status).toBe(400)
})

test.skipIf(!isDenoEdition)(
  'ten thousand headers are refused before they cost anything',
  async () => {
    const headers = Array.from({ length: 10_000 }, (_, n) => [`h${n}`, ''] as const)
    const answer = await sendRaw(gateway.port, {
      method: 'GET',
      target: '/healthz',
      headers: [['Host', 'a.test'], ...headers],
    })
    expect(answer.status).toBe(431)
  },
)

test('a CONNECT has an answer, and is no tunnel', async () => {
  const headers = [['Host', 'a.test:80']] as const
  const request = { method: 'CONNECT', target: 'a.test:80', headers }
  const answer = await sendRaw(gateway.port, request)
  expect(answer.status).toBe(isDenoEdition ? 400 : 500)
})

describe('a request that is too large', () => {
  test.each([
    { name: 'a header of 60 KB', headers: { 'x-large': 'x'.repeat(60_000) }, status: 200 },
    { name: 'a thousand headers', headers: thousandHeaders(), status: 200 },
  ])('with $name has an answer: $status', async ({ headers, status }) => {
    expect((await send('GET', `${FUNCTIONS}/`, '', { headers })).status).toBe(status)
  })

  test.each([
    { name: 'a query of 60 KB', path: `/?Foo=${'x'.repeat(60_000)}`, status: 200 },
    { name: 'ten thousand keys', path: `/?${'a&'.repeat(10_000)}`, status: 200 },
    { name: 'a name of 60 KB', path: `/${'x'.repeat(60_000)}`, status: 400 },
    { name: 'a marker of 60 KB', path: `/?Marker=${'x'.repeat(60_000)}`, status: 400 },
    { name: 'a URL of 100 KB', path: `/?Foo=${'x'.repeat(100_000)}`, status: TOO_LONG },
  ])('with $name has an answer: $status', async ({ path, status }) => {
    expect((await send('GET', FUNCTIONS + path, '')).status).toBe(status)
  })
})

// Nobody reads a megabyte of head to its end: the platform answers and closes, and what the client
// is still sending may then reset the connection before it has seen the answer.
test.each([
  { name: 'a header', path: '/', headers: { 'x-large': 'x'.repeat(1_000_000) } },
  { name: 'a URL', path: `/?Foo=${'x'.repeat(1_000_000)}`, headers: {} },
])('a request with $name of 1 MB is refused with 431 or a reset', async ({ path, headers }) => {
  const outcome = await send('GET', FUNCTIONS + path, '', { headers }).then(
    (response): unknown => response.status,
    () => 'reset',
  )
  expect([431, 'reset']).toContain(outcome)
  // Whoever asks next is served.
  expect((await send('GET', FUNCTIONS, '')).status).toBe(200)
})

describe('a request line', () => {
  test.each([
    { path: '/2014-11-13/x/../functions/', status: 200, why: 'the platform resolves dots' },
    { path: '/2014-11-13/functions/./', status: 200, why: 'the platform resolves dots' },
    { path: '//2014-11-13/functions/', status: 404, why: 'a repeated slash is another path' },
    { path: '/2014-11-13/functions/%2e%2e/', status: 404, why: 'escaped dots are dots' },
    { path: '/2014-11-13/Functions/', status: 404, why: 'paths have a case' },
    { path: '/2014-11-13%2Ffunctions/', status: 404, why: 'an escaped slash parts nothing' },
  ])('$path is $status: $why', async ({ path, status }) => {
    expect((await send('GET', path, '')).status).toBe(status)
  })

  test.each(['PURGE', 'PROPFIND', 'TRACE'])('%s is no method of the API', async (method) => {
    const answer = await send(method, `${FUNCTIONS}/`, '')
    expect([answer.status, codeIn(answer)]).toEqual([405, 'MethodNotAllowedException'])
  })

  test.each(['FOO', 'get'])('%s is no method at all', async (method) => {
    const answer = await send('GET', `${FUNCTIONS}/`, '')
    expect(answer.status).toBe(200)
    const headers = await sign('GET', `http://127.0.0.1:${gateway.port}${FUNCTIONS}/`, '')
    expect((await sendRaw(gateway.port, { method, target: '/', headers })).status).toBe(NO_METHOD)
  })
})

function thousandHeaders(): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`x-${n}`, String(n)]))
}
