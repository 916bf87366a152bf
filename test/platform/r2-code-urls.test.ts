import { afterAll, beforeAll, describe, test, type ExpectStatic } from 'vitest'
import { signR2CodeUrl } from '../../src/aws/r2-code-url.ts'
import { httpGet } from '../support/http-get.ts'
import { uploadQuery, zipOf } from '../support/memory-gateway.ts'
import { signedRequest } from '../support/signed-request.ts'
import { workerdPorts, type WorkerdPorts } from '../support/workerd-ports.ts'
import { R2_S3_CREDENTIALS, R2_S3_PATH } from '../support/workerd.ts'

// R2's own presigned URLs, against the S3 endpoint that wrangler serves for a local bucket. The
// server's port is not known before it has its variables, so its clients say another one.

const ENDPOINT = `http://localhost:8787${R2_S3_PATH}`
const BUCKET = 'lambda-edge-gateway-code'

let workerd: WorkerdPorts

beforeAll(async () => {
  workerd = await workerdPorts({
    R2_S3_ENDPOINT: ENDPOINT,
    R2_BUCKET_NAME: BUCKET,
    R2_ACCESS_KEY_ID: R2_S3_CREDENTIALS.accessKeyId,
    R2_SECRET_ACCESS_KEY: R2_S3_CREDENTIALS.secretAccessKey,
  })
})

afterAll(() => workerd.close())

async function call(method: string, name: string, body?: Uint8Array<ArrayBuffer>) {
  const url = `${workerd.origin}/2014-11-13/functions/${name}?${uploadQuery()}`
  return fetch(await signedRequest(url, { method, ...(body === undefined ? {} : { body }) }))
}

/** Uploads a function and gives the URL that GetFunction answers. */
async function uploaded(name: string, zip = zipOf()): Promise<string> {
  await call('PUT', name, zip)
  const { Code } = (await (await call('GET', name)).json()) as { Code: { Location: string } }
  return Code.Location
}

async function expectRefusal(response: Response, code: string, expect: ExpectStatic) {
  expect(response.status).toBe(403)
  expect(await response.text()).toContain(`<Code>${code}</Code>`)
}

describe('with R2’s credentials GetFunction answers a URL', () => {
  test('that R2 signed for ten minutes, and that gives the very bytes back', async ({ expect }) => {
    const zip = zipOf({ 'index.js': '// é', 'a.txt': 'x'.repeat(100_000) })
    const location = await uploaded('exact', zip)
    const { pathname, searchParams } = new URL(location)
    expect(location.startsWith(`${ENDPOINT}/${BUCKET}/code/exact/`)).toBe(true)
    expect(pathname).toMatch(/\/[0-9a-f-]{36}\.zip$/)
    expect(searchParams.get('X-Amz-Expires')).toBe('600')
    expect(searchParams.get('X-Amz-Credential')).toMatch(/^r2\/\d{8}\/auto\/s3\/aws4_request$/)
    const response = await httpGet(workerd.origin, location)
    expect(response.status).toBe(200)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(zip)
    const part = await httpGet(workerd.origin, location, { headers: { range: 'bytes=2-5' } })
    expect(part.status).toBe(206)
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(zip.slice(2, 6))
  })

  test('that gives the old bytes after another upload and after DeleteFunction', async ({
    expect,
  }) => {
    const zip = zipOf({ 'index.js': '// old' })
    const location = await uploaded('old', zip)
    await uploaded('old', zipOf({ 'index.js': '// new' }))
    await call('DELETE', 'old')
    const response = await httpGet(workerd.origin, location)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(zip)
  })

  test.for<{ what: string; change: (url: URL) => void; code?: string }>([
    { what: 'extended', change: (url) => url.searchParams.set('X-Amz-Expires', '601') },
    {
      what: 'tampered with',
      change: (url) => url.searchParams.set('X-Amz-Signature', '0'.repeat(64)),
    },
    {
      what: 're-dated',
      change: (url) => {
        const date = url.searchParams.get('X-Amz-Date') ?? ''
        const later = date.replace(/\d\dZ$/, (seconds) => (seconds === '59Z' ? '58Z' : '59Z'))
        url.searchParams.set('X-Amz-Date', later)
      },
    },
    {
      what: 're-targeted',
      change: (url) => void (url.pathname = url.pathname.replace('refused', 'other')),
    },
  ])('that R2 refuses once $what', async ({ change }, { expect }) => {
    const url = new URL(await uploaded('refused'))
    change(url)
    await expectRefusal(await httpGet(workerd.origin, url.href), 'SignatureDoesNotMatch', expect)
  })

  test.for(['PUT', 'POST', 'DELETE'])('that R2 refuses for %s', async (method, { expect }) => {
    const location = await uploaded('method')
    const response = await httpGet(workerd.origin, location, { method })
    expect(response.status).toBe(403)
    const again = await httpGet(workerd.origin, location)
    expect(again.status).toBe(200)
  })

  test('that R2 refuses once it has expired', async ({ expect }) => {
    const { pathname } = new URL(await uploaded('expired'))
    const codeKey = pathname.slice(`${R2_S3_PATH}/${BUCKET}/`.length)
    const r2 = { endpoint: ENDPOINT, bucket: BUCKET, ...R2_S3_CREDENTIALS }
    const signedAgo = (seconds: number) =>
      signR2CodeUrl(r2, codeKey, Date.now() - seconds * 1000, 600)
    const young = await httpGet(workerd.origin, await signedAgo(500))
    expect(young.status).toBe(200)
    const old = await httpGet(workerd.origin, await signedAgo(601))
    await expectRefusal(old, 'ExpiredRequest', expect)
  })
})
