import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { memoryGateway, uploadQuery, zipOf } from '../support/memory-gateway.ts'

// What each operation answers when it cannot do its work: `shared/api.md` §2, to the byte.

const FUNCTIONS = '/2014-11-13/functions'
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:hello'

type Gateway = ReturnType<typeof memoryGateway>

const OPERATIONS: Record<string, (gateway: Gateway) => Promise<Response>> = {
  UploadFunction: ({ call }) => call('PUT', `${FUNCTIONS}/hello?${uploadQuery()}`, zipOf()),
  GetFunction: ({ call }) => call('GET', `${FUNCTIONS}/hello`),
  GetFunctionConfiguration: ({ call }) => call('GET', `${FUNCTIONS}/hello/configuration`),
  UpdateFunctionConfiguration: ({ call }) =>
    call('PUT', `${FUNCTIONS}/hello/configuration?Timeout=5`, '{}'),
  DeleteFunction: ({ call }) => call('DELETE', `${FUNCTIONS}/hello`),
  InvokeAsync: ({ call }) => call('POST', `${FUNCTIONS}/hello/invoke-async/`, '{}'),
  ListFunctions: ({ call }) => call('GET', `${FUNCTIONS}/`),
}

interface WireError {
  status: number
  code: string
  body: Record<string, string>
}

/** All of an error's wire form, the headers' casing aside. */
async function expectWire(response: Response, { status, code, body }: WireError): Promise<void> {
  expect({
    status: response.status,
    code: response.headers.get('x-amzn-ErrorType'),
    type: response.headers.get('content-type'),
    body: await response.json(),
  }).toEqual({ status, code, type: 'application/json', body })
  expect(response.headers.get('x-amzn-RequestId')).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
}

describe('an unknown function', () => {
  const names = Object.keys(OPERATIONS).filter(
    (name) => name !== 'UploadFunction' && name !== 'ListFunctions',
  )

  test.each(names)('is ResourceNotFoundException for %s', async (name) => {
    const response = await OPERATIONS[name]?.(memoryGateway())
    await expectWire(response ?? Response.error(), {
      status: 404,
      code: 'ResourceNotFoundException',
      body: { Type: 'User', Message: `Function not found: ${ARN}` },
    })
  })

  test('is told with the region and the account that the gateway has', async () => {
    const variables = { AWS_REGION: 'eu-west-1', AWS_ACCOUNT_ID: '123456789012' }
    const { call } = memoryGateway({ variables })
    const response = await call('GET', `${FUNCTIONS}/hello`, undefined, { region: 'eu-west-1' })
    expect(await response.json()).toMatchObject({
      Message: 'Function not found: arn:aws:lambda:eu-west-1:123456789012:function:hello',
    })
  })

  test('is told before anything is said about the event', async () => {
    const { call } = memoryGateway()
    expect((await call('POST', `${FUNCTIONS}/hello/invoke-async/`, 'no json')).status).toBe(404)
  })
})

describe('a failure inside', () => {
  beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
  afterEach(() => void vi.restoreAllMocks())

  test.each(Object.keys(OPERATIONS))('is ServiceException for %s', async (name) => {
    const gateway = memoryGateway()
    await gateway.upload('hello')
    const { ports } = gateway
    const fail = () => Promise.reject(new Error('the cause, which is no business of a client'))
    Object.assign(ports.functions, { get: fail, list: fail })
    Object.assign(ports.registry, { upload: fail, updateConfiguration: fail, delete: fail })
    const response = (await OPERATIONS[name]?.(gateway)) ?? Response.error()
    const requestId = response.headers.get('x-amzn-RequestId') ?? ''
    await expectWire(response, {
      status: 500,
      code: 'ServiceException',
      body: {
        Type: 'Service',
        Message: `The service encountered an internal error (request id ${requestId}).`,
      },
    })
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

describe('InvalidParameterValueException', () => {
  test.each([
    { name: 'what is not a zip', bytes: new TextEncoder().encode('no zip') },
    { name: 'an empty body', bytes: new Uint8Array() },
    { name: 'a truncated zip', bytes: zipOf().slice(0, -10) },
  ])('answers UploadFunction with $name', async ({ bytes }) => {
    const { upload } = memoryGateway()
    await expectWire(await upload('hello', {}, bytes), {
      status: 400,
      code: 'InvalidParameterValueException',
      body: {
        Type: 'User',
        message: 'Could not unzip uploaded file. Please check your file, then try to upload again.',
      },
    })
  })

  test('answers a zip that announces more than 50 MB, before a byte of it is read', async () => {
    const { upload, ports } = memoryGateway()
    ports.code.put = () => Promise.reject(new Error('not to be called'))
    const announced = { headers: { 'content-length': '52428801' } }
    await expectWire(await upload('hello', {}, zipOf(), announced), {
      status: 400,
      code: 'InvalidParameterValueException',
      body: { Type: 'User', message: 'Zipped size must be smaller than 52428800 bytes' },
    })
  })
})

describe('InvalidRequestContentException', () => {
  const PREFIX = 'Could not parse request body into json: '

  test.each<{ name: string; bytes: Uint8Array<ArrayBuffer> }>([
    { name: 'nothing', bytes: new Uint8Array() },
    { name: 'blanks', bytes: new TextEncoder().encode(' \n') },
    { name: 'half an object', bytes: new TextEncoder().encode('{"a":') },
    { name: 'a bare word', bytes: new TextEncoder().encode('abc') },
    { name: 'a number with a leading zero', bytes: new TextEncoder().encode('01') },
    { name: 'two values', bytes: new TextEncoder().encode('{}{}') },
    { name: 'single quotes', bytes: new TextEncoder().encode("{'a':1}") },
    { name: 'NaN', bytes: new TextEncoder().encode('NaN') },
    { name: 'a control character', bytes: new TextEncoder().encode('"\u0000"') },
    { name: 'a byte order mark', bytes: new TextEncoder().encode('\ufeff{}') },
    { name: 'what is not UTF-8', bytes: Uint8Array.of(0x22, 0xff, 0x22) },
    { name: 'half a surrogate pair', bytes: Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22) },
    { name: 'UTF-16', bytes: Uint8Array.of(0x7b, 0, 0x7d, 0) },
  ])('answers InvokeAsync with $name, and nothing is queued', async ({ bytes }) => {
    const { upload, call, script } = memoryGateway()
    await upload('hello')
    const response = await call('POST', `${FUNCTIONS}/hello/invoke-async/`, bytes)
    const body = (await response.clone().json()) as { message: string }
    expect(body.message.slice(0, PREFIX.length)).toBe(PREFIX)
    await expectWire(response, {
      status: 400,
      code: 'InvalidRequestContentException',
      body: { Type: 'User', message: body.message },
    })
    expect(script.started).toEqual([])
  })

  test('answers InvokeAsync with more than 1 MB', async () => {
    const { upload, call } = memoryGateway()
    await upload('hello')
    const body = JSON.stringify('x'.repeat(1024 * 1024 - 1))
    await expectWire(await call('POST', `${FUNCTIONS}/hello/invoke-async/`, body), {
      status: 400,
      code: 'InvalidRequestContentException',
      body: {
        Type: 'User',
        message: 'Request must be smaller than 1048576 bytes for the InvokeAsync operation',
      },
    })
  })

  test('answers any operation with a body that no operation could take', async () => {
    const { call } = memoryGateway()
    const body = new Uint8Array(8 * 1024 * 1024 + 1)
    expect((await call('DELETE', `${FUNCTIONS}/hello`, body)).status).toBe(400)
  })

  test('answers a body that breaks off', async () => {
    const { upload, call } = memoryGateway()
    await upload('hello')
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })
    const response = await call('POST', `${FUNCTIONS}/hello/invoke-async/`, '{}', { sent: body })
    expect(response.status).toBe(400)
  })
})
