import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signCodeUrl } from '../../src/aws/code-url.ts'
import { expectError } from '../support/expect-error.ts'
import { httpGet } from '../support/http-get.ts'
import { uploadQuery, zipOf } from '../support/memory-gateway.ts'
import { signedRequest } from '../support/signed-request.ts'
import { workerdPorts, type WorkerdPorts } from '../support/workerd-ports.ts'

// The URLs that the gateway serves itself, on a real workerd.

const ZIP = zipOf({ 'index.js': '// downloads', 'a.txt': 'x'.repeat(5000) })
const SIZE = ZIP.byteLength

let workerd: WorkerdPorts
let location: string

beforeAll(async () => {
  workerd = await workerdPorts()
  await upload('hello', ZIP)
  await upload('other', zipOf({ 'index.js': '// other' }))
  location = await locationOf('hello')
})

afterAll(() => workerd.close())

const urlOf = (origin: string, name: string) => `${origin}/2014-11-13/functions/${name}`

async function upload(name: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const url = `${urlOf(workerd.origin, name)}?${uploadQuery()}`
  const response = await fetch(await signedRequest(url, { method: 'PUT', body }))
  expect(response.status).toBe(201)
}

/** What GetFunction answers a client that knows the gateway by `origin`. */
async function locationOf(name: string, origin = workerd.origin, headers = {}): Promise<string> {
  const url = urlOf(origin, name)
  const signed = await signedRequest(url)
  const sent = { ...Object.fromEntries(signed.headers), ...headers }
  const response = await httpGet(workerd.origin, url, { headers: sent })
  const { Code } = (await response.json()) as { Code: { Location: string } }
  return Code.Location
}

const get = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  httpGet(workerd.origin, url, { method, headers })
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

describe('a URL is on the origin that the client used', () => {
  test.each([
    { what: 'by another name and port', origin: 'http://lambda.test:9999', headers: {} },
    { what: 'without a port', origin: 'http://gateway', headers: {} },
    { what: 'by an address', origin: 'http://[::1]:8787', headers: {} },
    {
      what: 'behind a proxy that ends TLS',
      origin: 'http://lambda.test',
      headers: { 'x-forwarded-proto': 'https' },
      scheme: 'https',
    },
    {
      what: 'behind two proxies',
      origin: 'http://lambda.test:8443',
      headers: { 'x-forwarded-proto': 'HTTPS, http', 'x-forwarded-host': 'inner:80' },
      scheme: 'https',
    },
    {
      what: 'whatever unsigned headers say',
      origin: 'http://lambda.test',
      headers: {
        'x-forwarded-proto': 'javascript',
        'x-forwarded-host': 'evil.test',
        forwarded: 'host=evil.test;proto=ftp',
      },
    },
  ])('$what', async ({ origin, headers, scheme = 'http' }) => {
    const url = await locationOf('hello', origin, headers)
    expect(new URL(url).origin).toBe(origin.replace('http', scheme))
    const response = await get(url)
    expect(response.status).toBe(200)
    expect(await bytesOf(response)).toEqual(ZIP)
  })

  test('and no one else’s: a Host that was not signed is refused', async () => {
    const signed = await signedRequest(urlOf('http://lambda.test', 'hello'))
    const headers = Object.fromEntries(signed.headers)
    const response = await get(urlOf('http://evil.test', 'hello'), headers)
    expect(response.status).toBe(403)
    expect(response.headers.get('x-amzn-errortype')).toBe('InvalidSignatureException')
  })
})

describe('a download', () => {
  test.each([
    { range: 'bytes=0-99', from: 0, to: 99 },
    { range: 'bytes=2-2', from: 2, to: 2 },
    { range: 'bytes=10-', from: 10, to: SIZE - 1 },
    { range: 'bytes=-10', from: SIZE - 10, to: SIZE - 1 },
    { range: 'bytes=0-999999', from: 0, to: SIZE - 1 },
    { range: 'bytes=-999999', from: 0, to: SIZE - 1 },
  ])('gives the part $range', async ({ range, from, to }) => {
    const response = await get(location, { range })
    expect(response.status).toBe(206)
    expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to}/${SIZE}`)
    expect(response.headers.get('content-length')).toBe(String(to - from + 1))
    expect(await bytesOf(response)).toEqual(ZIP.slice(from, to + 1))
  })

  test.each(['bytes=0-1,4-5', 'bytes=5-2', 'bytes=-', 'bytes=a-b', 'lines=1-2', 'bytes'])(
    'gives the whole for the range %s',
    async (range) => {
      const response = await get(location, { range })
      expect(response.status).toBe(200)
      expect(response.headers.get('content-length')).toBe(String(SIZE))
      expect(await bytesOf(response)).toEqual(ZIP)
    },
  )

  test.each([`bytes=${SIZE}-`, `bytes=${SIZE}-${SIZE + 5}`, 'bytes=-0'])(
    'has nothing for the range %s',
    async (range) => {
      const response = await get(location, { range })
      expect(response.status).toBe(416)
      expect(response.headers.get('content-range')).toBe(`bytes */${SIZE}`)
      expect(await response.text()).toBe('')
    },
  )

  test.each([
    { headers: {}, status: 200, length: SIZE },
    { headers: { range: 'bytes=1-2' }, status: 206, length: 2 },
  ])('tells of itself by HEAD with $headers', async ({ headers, status, length }) => {
    const response = await get(location, headers, 'HEAD')
    expect(response.status).toBe(status)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-length': String(length),
      'content-type': 'application/zip',
      'accept-ranges': 'bytes',
      etag: expect.stringMatching(/^".+"$/),
    })
    expect(await response.text()).toBe('')
  })

  test('is not repeated for who has it, and a part only for who has the same', async () => {
    const { headers } = await get(location)
    const etag = headers.get('etag') ?? ''
    for (const known of [etag, `"x", W/${etag}`, '*']) {
      const response = await get(location, { 'if-none-match': known })
      expect(response.status).toBe(304)
      expect(response.headers.get('etag')).toBe(etag)
    }
    expect((await get(location, { 'if-none-match': '"x"' })).status).toBe(200)
    const range = 'bytes=0-1'
    expect((await get(location, { range, 'if-range': etag })).status).toBe(206)
    expect((await get(location, { range, 'if-range': '"x"' })).status).toBe(200)
  })

  test('gives the old bytes after another upload and after DeleteFunction', async () => {
    const old = zipOf({ 'index.js': '// old' })
    await upload('replaced', old)
    const url = await locationOf('replaced')
    await upload('replaced', zipOf({ 'index.js': '// new' }))
    expect(await bytesOf(await get(url))).toEqual(old)
    const request = await signedRequest(urlOf(workerd.origin, 'replaced'), { method: 'DELETE' })
    expect((await fetch(request)).status).toBe(204)
    expect(await bytesOf(await get(url))).toEqual(old)
  })
})

describe('a URL is refused', () => {
  const signed = async (change: (url: URL) => unknown) => {
    const url = new URL(location)
    await change(url)
    return url.href
  }
  const keyOf = (url: string) => new URL(url).pathname.slice(1)
  test.each<{ what: string; change: (url: URL) => unknown; method?: string }>([
    {
      what: 'extended by a second',
      change: ({ searchParams }) =>
        searchParams.set('Expires', String(Number(searchParams.get('Expires')) + 1)),
    },
    {
      what: 'with another signature',
      change: ({ searchParams }) => searchParams.set('Signature', 'f'.repeat(64)),
    },
    {
      what: 'with half its signature',
      change: ({ searchParams }) =>
        searchParams.set('Signature', (searchParams.get('Signature') ?? '').slice(32)),
    },
    { what: 'without its query', change: (url) => void (url.search = '') },
    {
      what: 'for the zip of another function',
      change: async (url) => void (url.pathname = keyOf(await locationOf('other'))),
    },
    {
      what: 'that expired a second ago',
      change: (url) => {
        const ago = Math.floor(Date.now() / 1000) - 1
        url.href = signCodeUrl('local', url.origin, keyOf(location), ago)
      },
    },
    {
      what: 'signed by another secret',
      change: (url) => {
        const later = Math.floor(Date.now() / 1000) + 60
        url.href = signCodeUrl('other', url.origin, keyOf(location), later)
      },
    },
    ...['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].map((method) => ({
      what: `by ${method}`,
      change: () => undefined,
      method,
    })),
  ])('$what', async ({ change, method = 'GET' }) => {
    await expectError(
      await get(await signed(change), {}, method),
      'AccessDeniedException',
      { status: 403, member: 'Message', text: 'The URL is not valid, or no longer valid' },
      expect,
    )
    expect((await get(location)).status).toBe(200)
  })
})
