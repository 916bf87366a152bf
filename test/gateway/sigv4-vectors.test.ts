import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { sha256Hex } from '../../src/aws/hmac.ts'
import { parsePresigned } from '../../src/gateway/presigned-query.ts'
import { canonicalRequest, signature, signingKey, stringToSign } from '../../src/gateway/sigv4.ts'

// Every vector of Amazon's own suite, in both forms where the suite has both.

interface Vector {
  name: string
  /** S3 alone signs paths as they are sent; the suite has both. */
  isNormalized: boolean
  method: string
  target: string
  headers: [string, string][]
  body: string
  headerSignature?: string
  querySignature?: string
}

const suite = JSON.parse(readFileSync('test/fixtures/sigv4-vectors.json', 'utf8')) as {
  accessKeyId: string
  secretAccessKey: string
  region: string
  service: string
  timestamp: string
  expiresSeconds: string
  vectors: Vector[]
}
const SCOPE = { date: suite.timestamp.slice(0, 8), region: suite.region, service: suite.service }

/**
 * The request as it is signed. The suite's targets are not yet escaped, so its one escaping of a path is the second one of a path that came over HTTP.
 */
function requestOf({ method, target, headers, isNormalized }: Vector) {
  const received = new Headers()
  for (const [name, value] of headers) {
    // Repeated headers are signed as one, joined by a comma alone; `Headers` would add a space.
    received.set(name, received.has(name) ? `${received.get(name)},${value}` : value)
  }
  const [path = '', query = ''] = target.split('?')
  return { method, path, query, headers: received, isPathAsSent: !isNormalized }
}

function sign(vector: Vector, request: ReturnType<typeof requestOf>, signed: string[]) {
  const declared = request.headers.get('x-amz-content-sha256')
  const hash = declared ?? sha256Hex(vector.body)
  const canonical = canonicalRequest(request, signed, hash)
  const key = signingKey(suite.secretAccessKey, SCOPE)
  return signature(key, stringToSign(suite.timestamp, SCOPE, canonical))
}

/** What the suite leaves unsigned though it is sent. */
const namesOf = (headers: Headers) => Array.from(headers.keys()).sort()

describe('Amazon’s vectors, signed in a header', () => {
  test.each(suite.vectors.filter((one) => one.headerSignature !== undefined))('$name', (vector) => {
    const request = requestOf(vector)
    request.headers.set('x-amz-date', suite.timestamp)
    const actual = sign(vector, request, namesOf(request.headers))
    expect(actual).toBe(vector.headerSignature)
  })
})

describe('Amazon’s vectors, signed in the query', () => {
  test.each(suite.vectors.filter((one) => one.querySignature !== undefined))('$name', (vector) => {
    const request = requestOf(vector)
    const signedHeaders = namesOf(request.headers)
    const parameters = {
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `${suite.accessKeyId}/${Object.values(SCOPE).join('/')}/aws4_request`,
      'X-Amz-Date': suite.timestamp,
      'X-Amz-SignedHeaders': signedHeaders.join(';'),
      'X-Amz-Expires': suite.expiresSeconds,
      'X-Amz-Signature': vector.querySignature ?? '',
    }
    const sent = [request.query, new URLSearchParams(parameters).toString()]
    const claim = parsePresigned(sent.filter((part) => part !== '').join('&'))
    const actual = sign(vector, { ...request, query: claim.query }, claim.signedHeaders)
    expect(actual).toBe(claim.signature)
  })
})

test('the suite is whole: 42 vectors, 62 signatures', () => {
  const count = (key: 'headerSignature' | 'querySignature') =>
    suite.vectors.filter((one) => one[key] !== undefined).length
  expect([suite.vectors.length, count('headerSignature'), count('querySignature')]).toEqual([
    42, 40, 22,
  ])
})
