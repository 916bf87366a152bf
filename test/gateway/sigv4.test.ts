import { AwsV4Signer } from 'aws4fetch'
import { describe, test } from 'vitest'
import { sha256Hex } from '../../src/aws/hmac.ts'
import {
  canonicalPath,
  canonicalQuery,
  canonicalRequest,
  signature,
  signingKey,
  stringToSign,
} from '../../src/gateway/sigv4.ts'

const SCOPE = { date: '20150830', region: 'us-east-1', service: 'service' }
const TIMESTAMP = '20150830T123600Z'
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'

/** Cases of AWS's published Signature Version 4 test suite, by their names there. */
const VECTORS = [
  {
    name: 'get-vanilla',
    expected: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  },
  {
    name: 'get-slash',
    path: '//',
    expected: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  },
  {
    name: 'get-relative-relative',
    path: '/example1/example2/../..',
    expected: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  },
  {
    name: 'get-vanilla-query-order-key-case',
    query: 'Param2=value2&Param1=value1',
    expected: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  },
  {
    name: 'post-vanilla',
    method: 'POST',
    expected: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  },
]

describe('signature', () => {
  test.each(VECTORS)('reproduces $name of the AWS test suite', (vector) => {
    const { method = 'GET', path = '/', query = '', expected } = vector
    const headers = new Headers({ host: 'example.amazonaws.com', 'x-amz-date': TIMESTAMP })
    const canonical = canonicalRequest(
      { method, path, query, headers },
      ['host', 'x-amz-date'],
      sha256Hex(''),
    )
    const key = signingKey(SECRET, SCOPE)
    const actual = signature(key, stringToSign(TIMESTAMP, SCOPE, canonical))
    if (actual !== expected) throw new Error(`${vector.name}: ${actual}\n${canonical}`)
  })

  test.each([
    { name: 'a percent-encoded path', url: 'https://h.test/2014-11-13/functions/a%20b' },
    { name: 'a role in the query', url: 'https://h.test/?Role=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx' },
    { name: 'empty and repeated parameters', url: 'https://h.test/?b=&a=2&a=1&c' },
    { name: 'characters that only AWS encodes', url: 'https://h.test/?x=%21%27%28%29%2A~-._' },
    { name: 'unicode', url: 'https://h.test/?x=%E1%88%B4' },
    { name: 'a plus', url: 'https://h.test/?x=a+b%2Bc' },
    { name: 'escapes that are none', url: 'https://h.test/?x=%zz%41%ff&y=%' },
    { name: 'a second question mark', url: 'https://h.test/??x=1' },
  ])('agrees with aws4fetch about $name', async ({ url }) => {
    const signer = new AwsV4Signer({
      url,
      method: 'GET',
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: SECRET,
      service: 'service',
      region: 'us-east-1',
      datetime: TIMESTAMP,
    })
    const { pathname, search, host } = new URL(url)
    const headers = new Headers({ host, 'x-amz-date': TIMESTAMP })
    const canonical = canonicalRequest(
      { method: 'GET', path: pathname, query: search.slice(1), headers },
      ['host', 'x-amz-date'],
      sha256Hex(''),
    )
    const key = signingKey(SECRET, SCOPE)
    const actual = signature(key, stringToSign(TIMESTAMP, SCOPE, canonical))
    if (actual !== (await signer.signature())) throw new Error(canonical)
  })
})

describe('canonicalPath', () => {
  test.each([
    { path: '/', expected: '/' },
    { path: '', expected: '/' },
    { path: '/a//b/', expected: '/a/b/' },
    { path: '/./a/../b', expected: '/b' },
    { path: '/a%20b', expected: '/a%2520b' },
    { path: '/../..', expected: '/' },
  ])('$path becomes $expected', ({ path, expected }) => {
    if (canonicalPath(path) !== expected) throw new Error(canonicalPath(path))
  })
})

describe('canonicalQuery', () => {
  test.each([
    { query: 'b=2&a=1', expected: 'a=1&b=2' },
    { query: 'a=2&a=1', expected: 'a=1&a=2' },
    { query: 'a', expected: 'a=' },
    { query: '&&', expected: '' },
    { query: 'x=%7e', expected: 'x=~' },
    { query: 'x=a+b', expected: 'x=a%20b' },
    { query: 'x=a%2Bb', expected: 'x=a%2Bb' },
    { query: 'x=%zz', expected: 'x=%25zz' },
  ])('$query becomes $expected', ({ query, expected }) => {
    if (canonicalQuery(query) !== expected) throw new Error(canonicalQuery(query))
  })
})
