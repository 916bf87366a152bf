import { AwsV4Signer } from 'aws4fetch'
import { describe, expect, test } from 'vitest'
import { expectError } from '../support/expect-error.ts'
import { ORIGIN, memoryGateway, uploadQuery, zipOf } from '../support/memory-gateway.ts'
import { basicIso, type Body } from '../support/wire.ts'

const FUNCTIONS = '/2014-11-13/functions'
const LIST = `${FUNCTIONS}/`

interface Signing {
  service?: string
  headers?: Record<string, string>
  expires?: string
  secondsAgo?: number
}

function presigningGateway() {
  const gateway = memoryGateway()
  async function presign(method: string, target: string, body?: Body, signing: Signing = {}) {
    const { service = 'lambda', headers = {}, expires, secondsAgo = 0 } = signing
    const url = new URL(ORIGIN + target)
    if (expires !== undefined) url.searchParams.set('X-Amz-Expires', expires)
    const signer = new AwsV4Signer({
      method,
      url: url.href,
      body: body ?? null,
      headers,
      service,
      region: 'us-east-1',
      accessKeyId: 'local',
      secretAccessKey: 'local',
      allHeaders: true,
      signQuery: true,
      datetime: basicIso(gateway.clock.now() - secondsAgo * 1000),
    })
    return (await signer.sign()).url.href
  }
  async function call(method: string, target: string, body?: Body, signing: Signing = {}) {
    const url = await presign(method, target, body, signing)
    const headers = new Headers({ ...signing.headers, host: new URL(ORIGIN).host })
    if (body !== undefined) headers.set('content-length', String(Buffer.byteLength(body)))
    return gateway.app.request(url, { method, headers, ...(body === undefined ? {} : { body }) })
  }
  return { ...gateway, presign, presigned: call }
}

test('every operation of Lambda is served to a signature in the query', async () => {
  const { presigned } = presigningGateway()
  const statuses: [string, number][] = []
  for (const [method, target, body] of [
    ['PUT', `${FUNCTIONS}/f?${uploadQuery()}`, zipOf()],
    ['GET', `${FUNCTIONS}/f`],
    ['GET', `${FUNCTIONS}/f/configuration`],
    ['PUT', `${FUNCTIONS}/f/configuration?Timeout=7`],
    ['GET', LIST],
    ['POST', `${FUNCTIONS}/f/invoke-async/`, '{}'],
    ['GET', '/gateway/functions/f/dead-letters'],
    ['DELETE', `${FUNCTIONS}/f`],
  ] as const) {
    statuses.push([`${method} ${target}`, (await presigned(method, target, body)).status])
  }
  expect(statuses.map(([, status]) => status)).toEqual([201, 200, 200, 200, 200, 202, 200, 204])
})

test('operations of JSON 1.1 are, with their target signed as a header', async () => {
  const { presigned } = presigningGateway()
  const headers = { 'x-amz-target': 'Logs_20140328.DescribeLogGroups' }
  const response = await presigned('POST', '/', '{}', { service: 'logs', headers })
  expect([response.status, await response.json()]).toEqual([200, { logGroups: [] }])
})

describe('a signature in the query', () => {
  test.each([
    { secondsAgo: 59, isGood: true },
    { secondsAgo: 61, isGood: false },
  ])('of 60 s is good after $secondsAgo s: $isGood', async ({ secondsAgo, isGood }) => {
    const { presigned } = presigningGateway()
    const response = await presigned('GET', LIST, undefined, { expires: '60', secondsAgo })
    if (isGood) {
      expect(response.status).toBe(200)
      return
    }
    await expectError(
      response,
      'InvalidSignatureException',
      {
        status: 403,
        member: 'message',
        text: 'Signature expired: 20150106T182934Z is now earlier than 20150106T182935Z (20150106T183035Z - 1 min.)',
      },
      expect,
    )
  })

  test.each(['0', '604801', '-1', 'soon', '1e3'])('may not be good for %s s', async (expires) => {
    const { presigned } = presigningGateway()
    await expectError(
      await presigned('GET', LIST, undefined, { expires }),
      'IncompleteSignatureException',
      { status: 403, member: 'message', text: /X-Amz-Expires must be .* from 1 to 604800/ },
      expect,
    )
  })

  test.each(['Algorithm', 'Credential', 'Date', 'SignedHeaders', 'Signature'])(
    'lacks X-Amz-%s, and is told',
    async (part) => {
      const { app, presign } = presigningGateway()
      const url = new URL(await presign('GET', LIST))
      url.searchParams.delete(`X-Amz-${part}`)
      await expectError(
        await app.request(url.href, { headers: { host: url.host } }),
        'IncompleteSignatureException',
        {
          status: 403,
          member: 'message',
          text: `AWS query-string parameters must include 'X-Amz-${part}'. Re-examine the query-string parameters.`,
        },
        expect,
      )
    },
  )

  test('with a part twice is refused: of two, one was not meant', async () => {
    const { app, presign } = presigningGateway()
    const url = new URL(await presign('GET', LIST))
    url.searchParams.append('X-Amz-Signature', '0')
    await expectError(
      await app.request(url.href, { headers: { host: url.host } }),
      'IncompleteSignatureException',
      { status: 403, member: 'message', text: /'X-Amz-Signature' only once/ },
      expect,
    )
  })
})
