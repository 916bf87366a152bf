import { describe, expect, test } from 'vitest'
import { uploadQuery, zipOf } from '../support/memory-gateway.ts'
import { expectWire } from '../support/expect-error.ts'
import type { Wire } from '../support/wire.ts'

// What each operation answers when it cannot do its work, to the byte.

const FUNCTIONS = '/2014-11-13/functions'
const NOT_JSON = 'Could not parse request body into json: '
const text = new TextEncoder()

/** Operations that need the function to be there. */
const ON_A_FUNCTION: [operation: string, ask: (wire: Wire) => Promise<Response>][] = [
  ['GetFunction', ({ call }) => call('GET', `${FUNCTIONS}/hello`)],
  ['GetFunctionConfiguration', ({ call }) => call('GET', `${FUNCTIONS}/hello/configuration`)],
  [
    'UpdateFunctionConfiguration',
    ({ call }) => call('PUT', `${FUNCTIONS}/hello/configuration?Timeout=5`, '{}'),
  ],
  ['DeleteFunction', ({ call }) => call('DELETE', `${FUNCTIONS}/hello`)],
  ['InvokeAsync', ({ call }) => call('POST', `${FUNCTIONS}/hello/invoke-async/`, '{}')],
  ['InvokeAsync without JSON', ({ call }) => call('POST', `${FUNCTIONS}/hello/invoke-async/`, 'x')],
]

const NO_ZIPS: { name: string; bytes: Uint8Array<ArrayBuffer> }[] = [
  { name: 'what is not a zip', bytes: text.encode('no zip') },
  { name: 'an empty body', bytes: new Uint8Array() },
  { name: 'a truncated zip', bytes: zipOf().slice(0, -10) },
]

const NO_JSON: { name: string; bytes: Uint8Array<ArrayBuffer> }[] = [
  { name: 'nothing', bytes: new Uint8Array() },
  { name: 'blanks', bytes: text.encode(' \n') },
  { name: 'half an object', bytes: text.encode('{"a":') },
  { name: 'a bare word', bytes: text.encode('abc') },
  { name: 'a number with a leading zero', bytes: text.encode('01') },
  { name: 'two values', bytes: text.encode('{}{}') },
  { name: 'single quotes', bytes: text.encode("{'a':1}") },
  { name: 'NaN', bytes: text.encode('NaN') },
  { name: 'a control character', bytes: text.encode('"\u0000"') },
  { name: 'a byte order mark', bytes: text.encode('\ufeff{}') },
  { name: 'what is not UTF-8', bytes: Uint8Array.of(0x22, 0xff, 0x22) },
  { name: 'half a surrogate pair', bytes: Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22) },
  { name: 'UTF-16', bytes: Uint8Array.of(0x7b, 0, 0x7d, 0) },
]

/** The errors that the API documents, wherever a request can bring them about. */
export function errorRows(platform: string, fresh: () => Promise<Wire>): void {
  describe(`ResourceNotFoundException on ${platform}`, () => {
    test.each(ON_A_FUNCTION)('answers %s of an unknown function', async (_operation, ask) => {
      const error = {
        status: 404,
        code: 'ResourceNotFoundException',
        body: {
          Type: 'User',
          Message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:hello',
        },
      }
      await expectWire(await ask(await fresh()), error, expect)
    })
  })

  describe(`InvalidParameterValueException on ${platform}`, () => {
    test.each(NO_ZIPS)('answers UploadFunction with $name', async ({ bytes }) => {
      const { upload } = await fresh()
      const error = {
        status: 400,
        code: 'InvalidParameterValueException',
        body: {
          Type: 'User',
          message:
            'Could not unzip uploaded file. Please check your file, then try to upload again.',
        },
      }
      await expectWire(await upload('hello', {}, bytes), error, expect)
    })

    test('answers an upload whose handler file is not there, and keeps the function', async () => {
      const { upload, call } = await fresh()
      const before: unknown = await (await upload('hello')).json()
      const response = await upload('hello', { Handler: 'other.handler' })
      expect(response.status).toBe(400)
      const after = await call('GET', `${FUNCTIONS}/hello/configuration`)
      expect(await after.json()).toEqual(before)
    })
  })

  describe(`InvalidRequestContentException on ${platform}`, () => {
    test.each(NO_JSON)('answers InvokeAsync with $name', async ({ bytes }) => {
      const { upload, call } = await fresh()
      await upload('hello')
      const response = await call('POST', `${FUNCTIONS}/hello/invoke-async/`, bytes)
      const { message } = (await response.clone().json()) as { message: string }
      expect(message.slice(0, NOT_JSON.length)).toBe(NOT_JSON)
      const code = 'InvalidRequestContentException'
      await expectWire(response, { status: 400, code, body: { Type: 'User', message } }, expect)
    })

    test('answers InvokeAsync with more than 1 MB', async () => {
      const { upload, call } = await fresh()
      await upload('hello')
      const body = JSON.stringify('x'.repeat(1024 * 1024 - 1))
      const message = 'Request must be smaller than 1048576 bytes for the InvokeAsync operation'
      const code = 'InvalidRequestContentException'
      await expectWire(
        await call('POST', `${FUNCTIONS}/hello/invoke-async/`, body),
        { status: 400, code, body: { Type: 'User', message } },
        expect,
      )
    })

    test('answers any operation with a body that no operation could take', async () => {
      const { call } = await fresh()
      const body = new Uint8Array(8 * 1024 * 1024 + 1)
      expect((await call('DELETE', `${FUNCTIONS}/hello`, body)).status).toBe(400)
    })
  })

  describe(`every error on ${platform}`, () => {
    test('has the parameters before the function, and the function before the body', async () => {
      const { call } = await fresh()
      const statuses = [
        await call('PUT', `${FUNCTIONS}/hello/configuration?Timeout=0`),
        await call('PUT', `${FUNCTIONS}/hello?${uploadQuery({ Timeout: '0' })}`, 'no zip'),
        await call('POST', `${FUNCTIONS}/hello/invoke-async/`, 'no json'),
      ].map((response) => response.status)
      expect(statuses).toEqual([400, 400, 404])
    })
  })
}
