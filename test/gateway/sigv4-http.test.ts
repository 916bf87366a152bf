import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256Hex } from '../../src/aws/hmac.ts'
import { canonicalRequest, signature, signingKey, stringToSign } from '../../src/gateway/sigv4.ts'
import { startGateway, type LocalGateway } from '../support/local-gateway.ts'
import { sendRaw } from '../support/raw-request.ts'
import { basicIso } from '../support/wire.ts'

// The requests of Amazon's vectors, signed anew for a running gateway and sent byte for byte: what
// the platform changes on the way is in README's Client quirks.

interface Vector {
  name: string
  method: string
  target: string
  headers: [string, string][]
  body: string
  isNormalized: boolean
}

/** The platform joins repeated headers by a comma and a space; they are signed without the space. */
const CHANGED_ON_THE_WAY = [
  'get-header-key-duplicate',
  'get-header-value-multiline',
  'get-header-value-order',
]

const { vectors } = JSON.parse(readFileSync('test/fixtures/sigv4-vectors.json', 'utf8')) as {
  vectors: Vector[]
}

let gateway: LocalGateway

beforeAll(async () => {
  gateway = await startGateway()
})

afterAll(() => gateway.stop())

/** Signs as a client does, and answers the error's code. */
async function codeOf({ method, target, headers, body }: Vector): Promise<string | null> {
  const timestamp = basicIso(Date.now())
  const host = `127.0.0.1:${gateway.port}`
  const sent: [string, string][] = [...headers.slice(1), ['X-Amz-Date', timestamp], ['Host', host]]
  const signed = new Headers()
  for (const [name, value] of sent) {
    signed.set(name, signed.has(name) ? `${signed.get(name)},${value}` : value)
  }
  const escaped = encodeURI(decodeURI(target))
  const [path = '', query = ''] = (target.includes('%') ? target : escaped).split('?')
  const names = Array.from(signed.keys()).sort()
  const hash = sha256Hex(body)
  const canonical = canonicalRequest({ method, path, query, headers: signed }, names, hash)
  const scope = { date: timestamp.slice(0, 8), region: 'us-east-1', service: 'lambda' }
  const key = signingKey('local', scope)
  const proof = signature(key, stringToSign(timestamp, scope, canonical))
  const credential = `local/${Object.values(scope).join('/')}/aws4_request`
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${proof}`
  const answer = await sendRaw(gateway.port, {
    method,
    target: query === '' ? path : `${path}?${query}`,
    headers: [...sent, ['Content-Length', String(body.length)], ['Authorization', authorization]],
    body: [body],
  })
  return answer.headers.get('x-amzn-errortype')
}

test.each(
  vectors.filter(
    ({ headers, isNormalized }) =>
      isNormalized &&
      !headers.some(([name]) => /^(x-amz-security-token|content-type)$/i.test(name)),
  ),
)('$name over HTTP', async (vector) => {
  const isRefused = (await codeOf(vector)) === 'InvalidSignatureException'
  expect(isRefused).toBe(CHANGED_ON_THE_WAY.includes(vector.name))
})
