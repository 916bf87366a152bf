import { describe, expect, test } from 'vitest'
import { memoryFunctionStore } from '../../src/platform/memory/memory-function-store.ts'
import { expectError } from '../support/expect-error.ts'
import { ORIGIN, memoryGateway, zipOf } from '../support/memory-gateway.ts'

const FUNCTION = '/2014-11-13/functions/hello'
const NOT_FOUND = {
  status: 404,
  member: 'Message',
  text: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:hello',
} as const

type Json = Record<string, unknown>
const json = async (response: Response) => (await response.json()) as Json

describe('GetFunction', () => {
  test('gives a URL on the origin the client used, and the URL gives the bytes back', async () => {
    const { upload, call, app } = memoryGateway()
    const zip = zipOf()
    await upload('hello', {}, zip)
    const { Code } = (await (await call('GET', FUNCTION)).json()) as {
      Code: { RepositoryType: string; Location: string }
    }
    expect(Code.RepositoryType).toBe('S3')
    expect(Code.Location.startsWith(`${ORIGIN}/code/hello/`)).toBe(true)
    const download = await app.request(Code.Location)
    expect(download.headers.get('content-type')).toBe('application/zip')
    expect(new Uint8Array(await download.arrayBuffer())).toEqual(zip)
    const part = await app.request(Code.Location, { headers: { range: 'bytes=2-5' } })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe(`bytes 2-5/${zip.byteLength}`)
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(zip.slice(2, 6))
    const head = await app.request(Code.Location, { method: 'HEAD' })
    expect(head.headers.get('content-length')).toBe(String(zip.byteLength))
  })

  test.each([
    { name: 'expired', change: (url: URL) => url, wait: 600_000 },
    {
      name: 'extended',
      change: (url: URL) => {
        url.searchParams.set('Expires', String(Number(url.searchParams.get('Expires')) + 1))
        return url
      },
    },
    {
      name: 'tampered',
      change: (url: URL) => {
        url.searchParams.set('Signature', '0'.repeat(64))
        return url
      },
    },
    {
      name: 're-targeted',
      change: (url: URL) => new URL(url.href.replace('/code/hello/', '/code/other/')),
    },
    { name: 'stripped', change: (url: URL) => new URL(url.origin + url.pathname) },
  ])('gives a URL that is refused once $name', async ({ change, wait = 0 }) => {
    const { upload, call, app, clock } = memoryGateway()
    await upload('hello')
    const body = (await (await call('GET', FUNCTION)).json()) as { Code: { Location: string } }
    clock.advance(wait)
    await expectError(
      await app.request(change(new URL(body.Code.Location)).href),
      'AccessDeniedException',
      { status: 403, member: 'Message', text: /no longer valid/ },
      expect,
    )
  })

  test('gives a URL whose bytes outlive a new upload for its ten minutes, not for ever', async () => {
    const { upload, call, app, clock, fireAlarms } = memoryGateway()
    const zip = zipOf()
    await upload('hello', {}, zip)
    const body = (await (await call('GET', FUNCTION)).json()) as { Code: { Location: string } }
    await upload('hello', {}, zipOf({ 'index.js': 'exports.handler = null' }))
    clock.advance(599_000)
    await fireAlarms()
    const old = await app.request(body.Code.Location)
    expect(new Uint8Array(await old.arrayBuffer())).toEqual(zip)
  })
})

describe('InvokeAsync', () => {
  test('answers 404 before anything is queued for an unknown function', async () => {
    const { call, script } = memoryGateway()
    const response = await call('POST', `${FUNCTION}/invoke-async/`, '{}')
    await expectError(response, 'ResourceNotFoundException', NOT_FOUND, expect)
    expect(script.started).toEqual([])
  })

  test.each(['', '{', 'abc', '\u00ef\u00bb\u00bf{}x', '01'])(
    'refuses the body %j',
    async (body) => {
      const { upload, call, script } = memoryGateway()
      await upload('hello')
      await expectError(
        await call('POST', `${FUNCTION}/invoke-async/`, body),
        'InvalidRequestContentException',
        { status: 400, member: 'message', text: /^Could not parse request body into json: / },
        expect,
      )
      expect(script.started).toEqual([])
    },
  )

  test.each(['null', '1', '"x"', '[1,2]', '{"n":12345678901234567890,"a":1,"a":2}'])(
    'runs the function with the very bytes of %s',
    async (body) => {
      const { upload, call, script } = memoryGateway()
      await upload('hello')
      const response = await call('POST', `${FUNCTION}/invoke-async`, body)
      expect(response.status).toBe(202)
      expect(await response.text()).toBe('')
      expect(script.started).toMatchObject([
        { payload: body, attempt: 1, requestId: response.headers.get('x-amzn-requestid') },
      ])
    },
  )

  test('takes events too long for the queue, up to 1 MB', async () => {
    const { upload, call, script } = memoryGateway()
    await upload('hello')
    const longest = JSON.stringify('x'.repeat(1024 * 1024 - 2))
    expect((await call('POST', `${FUNCTION}/invoke-async/`, longest)).status).toBe(202)
    expect(script.started[0]?.payload).toBe(longest)
    await expectError(
      await call('POST', `${FUNCTION}/invoke-async/`, `${longest} `),
      'InvalidRequestContentException',
      { status: 400, member: 'message', text: /smaller than 1048576 bytes/ },
      expect,
    )
  })
})

describe('with a function store as slow as KV can be', () => {
  test('an update within the same second is kept and published as soon as KV takes it', async () => {
    const { upload, call, clock, fireAlarms } = memoryGateway({
      functions: ({ now }) => memoryFunctionStore({ now, refusesFastWrites: true }),
    })
    await upload('hello')
    const updated = await json(await call('PUT', `${FUNCTION}/configuration?Timeout=9`))
    expect(updated.Timeout).toBe(9)
    expect(await json(await call('GET', `${FUNCTION}/configuration`))).toMatchObject({ Timeout: 3 })
    clock.advance(1200)
    await fireAlarms()
    expect(await json(await call('GET', `${FUNCTION}/configuration`))).toEqual(updated)
  })

  test('a function is found right after its upload, where the copy still says that there is none', async () => {
    const { upload, call } = memoryGateway({
      functions: ({ now }) => memoryFunctionStore({ now, staleMilliseconds: 60_000 }),
    })
    await upload('hello')
    expect((await call('GET', FUNCTION)).status).toBe(200)
    expect((await call('GET', `${FUNCTION}/configuration`)).status).toBe(200)
    expect((await call('POST', `${FUNCTION}/invoke-async/`, '{}')).status).toBe(202)
  })

  test('an update right after an upload starts from the record, not from the stale copy', async () => {
    const { upload, call } = memoryGateway({
      functions: ({ now }) => memoryFunctionStore({ now, staleMilliseconds: 60_000 }),
    })
    await upload('hello', { Description: 'new' })
    const updated = await json(await call('PUT', `${FUNCTION}/configuration?Timeout=9`))
    expect(updated).toMatchObject({ Description: 'new', Timeout: 9 })
  })
})
