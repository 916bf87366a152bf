import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { expectWire } from '../support/expect-error.ts'
import { memoryGateway, uploadQuery, zipOf } from '../support/memory-gateway.ts'

// What clients are told when the gateway itself fails, or before a body was read at all.

const FUNCTIONS = '/2014-11-13/functions'

type Gateway = ReturnType<typeof memoryGateway>

const OPERATIONS: [operation: string, ask: (gateway: Gateway) => Promise<Response>][] = [
  ['UploadFunction', ({ call }) => call('PUT', `${FUNCTIONS}/hello?${uploadQuery()}`, zipOf())],
  ['GetFunction', ({ call }) => call('GET', `${FUNCTIONS}/hello`)],
  ['GetFunctionConfiguration', ({ call }) => call('GET', `${FUNCTIONS}/hello/configuration`)],
  [
    'UpdateFunctionConfiguration',
    ({ call }) => call('PUT', `${FUNCTIONS}/hello/configuration?Timeout=5`, '{}'),
  ],
  ['DeleteFunction', ({ call }) => call('DELETE', `${FUNCTIONS}/hello`)],
  ['InvokeAsync', ({ call }) => call('POST', `${FUNCTIONS}/hello/invoke-async/`, '{}')],
  ['ListFunctions', ({ call }) => call('GET', `${FUNCTIONS}/`)],
]

describe('a failure inside', () => {
  beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
  afterEach(() => void vi.restoreAllMocks())

  test.each(OPERATIONS)('is ServiceException for %s, and logged', async (_operation, ask) => {
    const gateway = memoryGateway()
    await gateway.upload('hello')
    const { ports } = gateway
    const fail = () => Promise.reject(new Error('the cause, which is no business of a client'))
    Object.assign(ports.functions, { get: fail, list: fail })
    const changes = { upload: fail, updateConfiguration: fail, delete: fail }
    Object.assign(ports.registry, { get: fail, ...changes })
    const response = await ask(gateway)
    const requestId = response.headers.get('x-amzn-RequestId') ?? ''
    const Message = `The service encountered an internal error (request id ${requestId}).`
    const error = { status: 500, code: 'ServiceException', body: { Type: 'Service', Message } }
    await expectWire(response, error, expect)
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining(requestId))
  })

  test('of the queue is ServiceException, never a 202', async () => {
    const gateway = memoryGateway()
    await gateway.upload('hello')
    gateway.ports.invocations.send = () => Promise.reject(new Error('queue is full'))
    const response = await gateway.call('POST', `${FUNCTIONS}/hello/invoke-async/`, '{}')
    expect(response.status).toBe(500)
  })
})

describe('an unknown function', () => {
  test('is told with the region and the account that the gateway has', async () => {
    const variables = { AWS_REGION: 'eu-west-1', AWS_ACCOUNT_ID: '123456789012' }
    const { call } = memoryGateway({ variables })
    const response = await call('GET', `${FUNCTIONS}/hello`, undefined, { region: 'eu-west-1' })
    expect(await response.json()).toMatchObject({
      Message: 'Function not found: arn:aws:lambda:eu-west-1:123456789012:function:hello',
    })
  })
})

describe('a body', () => {
  test('of a zip that announces more than 50 MB is refused before a byte is read', async () => {
    const { upload, ports } = memoryGateway()
    ports.code.put = () => Promise.reject(new Error('not to be called'))
    const headers = { 'content-length': '52428801' }
    const message = 'Zipped size must be smaller than 52428800 bytes'
    const code = 'InvalidParameterValueException'
    await expectWire(
      await upload('hello', {}, zipOf(), { headers }),
      { status: 400, code, body: { Type: 'User', message } },
      expect,
    )
  })

  test.each([
    ['POST', `${FUNCTIONS}/hello/invoke-async/`],
    ['PUT', `${FUNCTIONS}/hello?${uploadQuery()}`],
  ])('that breaks off is the client’s fault, and no failure: %s %s', async (method, path) => {
    const { app, call } = memoryGateway()
    const captured: Request[] = []
    vi.spyOn(app, 'request').mockImplementation((...args) => {
      captured.push(new Request(...(args as [string, RequestInit])))
      return new Response()
    })
    await call(method, path, '{}')
    vi.restoreAllMocks()
    const logged = vi.spyOn(console, 'error')
    const [signed] = captured
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })
    const init = { method, body, duplex: 'half' as const }
    const response = await app.request(signed?.url ?? '', {
      ...init,
      headers: signed?.headers ?? {},
    })
    expect(response.status).toBe(400)
    expect(logged).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })
})
