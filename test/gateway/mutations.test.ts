import { AwsV4Signer } from 'aws4fetch'
import { expect, test } from 'vitest'
import { sha256Hex } from '../../src/aws/hmac.ts'
import { canonicalRequest } from '../../src/gateway/sigv4.ts'
import { ORIGIN, memoryGateway, uploadQuery } from '../support/memory-gateway.ts'
import { basicIso } from '../support/wire.ts'

// Requests that are signed well, then changed in one place that was signed: none may get through.

interface Sent {
  method: string
  url: URL
  headers: Headers
  body: string
}

const REFUSALS = [
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
]

const FUNCTIONS = '/2014-11-13/functions'
const BASES = [
  { method: 'GET', target: `${FUNCTIONS}/?MaxItems=7`, body: '' },
  { method: 'GET', target: `${FUNCTIONS}/some-function`, body: '' },
  { method: 'PUT', target: `${FUNCTIONS}/f?${uploadQuery({ Description: 'a b+c' })}`, body: 'zip' },
  {
    method: 'PUT',
    target: `${FUNCTIONS}/f/configuration?Timeout=5&Description=%E1%88%B4`,
    body: '',
  },
  { method: 'POST', target: `${FUNCTIONS}/f/invoke-async/`, body: '{"key":"value"}' },
  { method: 'DELETE', target: `${FUNCTIONS}/f`, body: '' },
]

/** Numbers from 0 to 1, always the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

async function signed(base: (typeof BASES)[number], datetime: string, isPresigned: boolean) {
  const signer = new AwsV4Signer({
    method: base.method,
    url: ORIGIN + base.target,
    headers: {
      'x-amz-meta-note': 'two  words',
      'x-amz-content-sha256': sha256Hex(base.body),
    },
    body: base.body,
    service: 'lambda',
    region: 'us-east-1',
    accessKeyId: 'local',
    secretAccessKey: 'local',
    allHeaders: true,
    signQuery: isPresigned,
    datetime,
  })
  const { method, url, headers } = await signer.sign()
  headers.set('host', url.host)
  headers.set('content-length', String(base.body.length))
  return { method, url, headers, body: base.body }
}

type Mutation = (sent: Sent, pick: <T>(list: T[]) => T) => void

const MUTATIONS: Record<string, Mutation> = {
  method(sent, pick) {
    sent.method = pick(['GET', 'PUT', 'POST', 'DELETE', 'PATCH'])
  },
  path(sent, pick) {
    sent.url.pathname = changed(sent.url.pathname, pick)
  },
  'a value in the query'(sent, pick) {
    const [name, value] = pick(parametersOf(sent))
    sent.url.searchParams.set(name, changed(value, pick))
  },
  'a name in the query'(sent, pick) {
    const [name, value] = pick(parametersOf(sent))
    sent.url.searchParams.delete(name)
    sent.url.searchParams.append(changed(name, pick), value)
  },
  'one parameter more'(sent, pick) {
    sent.url.searchParams.append(
      pick(['MaxItems', 'Marker', 'x', 'X-Amz-Expires']),
      pick(['1', '']),
    )
  },
  'one parameter less'(sent, pick) {
    sent.url.searchParams.delete(pick(parametersOf(sent))[0])
  },
  'a signed header'(sent, pick) {
    const name = pick(signedHeadersOf(sent))
    sent.headers.set(name, changed(sent.headers.get(name) ?? '', pick))
  },
  'a signed header taken away'(sent, pick) {
    sent.headers.delete(pick(signedHeadersOf(sent)))
  },
  body(sent, pick) {
    sent.body = changed(sent.body, pick)
  },
  authorization(sent, pick) {
    const header = sent.headers.get('authorization')
    if (header !== null) sent.headers.set('authorization', changed(header, pick))
  },
}

/** What is in the query, or one parameter that is not. */
function parametersOf({ url }: Sent): [string, string][] {
  const parameters = Array.from(url.searchParams)
  return parameters.length === 0 ? [['MaxItems', '']] : parameters
}

function signedHeadersOf({ headers }: Sent): string[] {
  const names = ['host', 'x-amz-meta-note', 'x-amz-content-sha256']
  return headers.has('authorization') ? [...names, 'x-amz-date'] : names
}

/** The text with one character of it another one, in the same alphabet. */
function changed(text: string, pick: <T>(list: T[]) => T): string {
  if (text === '') return 'x'
  const at = pick(Array.from(text, (_, index) => index))
  const other = pick(Array.from('abcdef0123456789XYZ-;,='))
  return text.slice(0, at) + other + text.slice(at + 1)
}

/** All that the signature covers, and the signature itself. */
function covered({ method, url, headers, body }: Sent): string {
  const query = url.search.slice(1)
  const names = Array.from(headers.keys()).filter(
    (name) => !['authorization', 'content-length'].includes(name),
  )
  const request = { method, path: url.pathname, query, headers }
  const canonical = canonicalRequest(request, names, sha256Hex(body))
  return `${canonical}\n${headers.get('authorization') ?? ''}`
}

test.each([
  { form: 'a header', isPresigned: false, seed: 20150106 },
  { form: 'the query', isPresigned: true, seed: 20141111 },
])(
  '500 seeded changes of what was signed in $form are refused, and the unchanged ones are not',
  async ({ isPresigned, seed }) => {
    const { app, clock } = memoryGateway()
    const next = random(seed)
    const pick = <T>(list: T[]): T => {
      const one = list[Math.floor(next() * list.length)]
      if (one === undefined) throw new Error('Nothing to pick from')
      return one
    }
    async function codeOf({ method, url, headers, body }: Sent): Promise<string | null> {
      const hasBody = method !== 'GET' && body !== ''
      const init = { method, headers, ...(hasBody ? { body } : {}) }
      return (await app.request(url.href, init)).headers.get('x-amzn-errortype')
    }
    const datetime = basicIso(clock.now())
    for (const base of BASES) {
      expect(REFUSALS).not.toContain(await codeOf(await signed(base, datetime, isPresigned)))
    }
    const through: string[] = []
    let count = 0
    while (count < 500) {
      const sent = await signed(pick(BASES), datetime, isPresigned)
      const before = covered(sent)
      const [name, mutate] = pick(Object.entries(MUTATIONS))
      mutate(sent, pick)
      // Another body under GET is never sent at all.
      if (sent.method === 'GET' && name === 'body') continue
      if (covered(sent) === before) continue
      count++
      const code = await codeOf(sent)
      if (code === null || !REFUSALS.includes(code)) {
        through.push(`${name}: ${code} ${sent.method} ${sent.url.href}`)
      }
    }
    expect(through).toEqual([])
  },
)
