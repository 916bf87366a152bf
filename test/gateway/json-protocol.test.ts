import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { expectQueryError, iamGateway } from '../support/iam-gateway.ts'
import { GROUP, expectLogsError, logsGateway } from '../support/logs-gateway.ts'
import { memoryGateway } from '../support/memory-gateway.ts'

// What JSON 1.1 answers before an operation has its input, and when one breaks down.

function callWith(body: string | Uint8Array<ArrayBuffer>, target = 'FilterLogEvents') {
  const signed = { 'x-amz-target': `Logs_20140328.${target}` }
  return memoryGateway().call('POST', '/', body, { service: 'logs', signed })
}

describe('a body of JSON 1.1', () => {
  test.each([
    ['half an object', '{"logGroupName":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a string', '"x"'],
    ['what is not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['a byte order mark', '\ufeff{}'],
  ])('that is %s is refused', async (_name, body) => {
    const text = 'The request body must be a JSON object'
    await expectLogsError(await callWith(body), 'SerializationException', text, expect)
  })

  test.each([
    ['lists', '['.repeat(100_000) + ']'.repeat(100_000), 'Start of list found where not expected'],
    [
      'objects',
      '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000),
      'Start of structure or map found where not expected.',
    ],
  ])('may nest %s without end, and is told what it should be', async (_name, nested, text) => {
    const response = await callWith(`{"logGroupName":${nested}}`)
    await expectLogsError(response, 'SerializationException', text, expect)
  })
})

describe('a body of more than 8 MB', () => {
  const text = 'Request must be smaller than 8388608 bytes'
  test.each([
    ['Logs_20140328.FilterLogEvents', 'logs', 'InvalidParameterException', text],
    ['Kinesis_20131202.PutRecord', 'kinesis', 'InvalidArgumentException', text],
    [
      'Kinesis_20131202.PutRecords',
      'kinesis',
      'InvalidArgumentException',
      'Records size exceeds 5 MB limit',
    ],
  ])('is refused to %s as the service does', async (target, service, code, message) => {
    const body = new Uint8Array(8 * 1024 * 1024 + 1)
    for (const headers of [{}, { 'content-length': undefined }]) {
      const options = { service, headers, signed: { 'x-amz-target': target } }
      const response = await memoryGateway().call('POST', '/', body, options)
      await expectLogsError(response, code, message, expect)
    }
  })

  test('is refused to IAM as IAM does', async () => {
    const { query } = iamGateway()
    const form = { UserName: 'x'.repeat(8 * 1024 * 1024) }
    const response = await query('iam', 'GetUser', form)
    await expectQueryError(response, 400, 'ValidationError', text, expect)
  })
})

describe('a failure inside of an operation of JSON 1.1', () => {
  beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
  afterEach(() => void vi.restoreAllMocks())

  test('is ServiceException with 500, and logged', async () => {
    const gateway = logsGateway()
    gateway.ports.logs.read = () => Promise.reject(new Error('the cause'))
    const response = await gateway.logs('FilterLogEvents', { logGroupName: GROUP })
    const requestId = response.headers.get('x-amzn-RequestId') ?? ''
    expect(response.status).toBe(500)
    expect(response.headers.get('x-amzn-ErrorType')).toBe('ServiceException')
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1')
    expect(await response.json()).toEqual({
      __type: 'ServiceException',
      message: `The service encountered an internal error (request id ${requestId}).`,
    })
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining(requestId))
  })
})
