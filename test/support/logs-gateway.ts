import type { ExpectStatic } from 'vitest'
import { memoryGateway } from './memory-gateway.ts'

export const GROUP = '/aws/lambda/hello'

export type Json = Record<string, unknown>

/** CloudWatch Logs over HTTP, on memory ports. */
export function logsGateway() {
  const gateway = memoryGateway()
  return {
    ...gateway,
    /** The output of an operation that succeeds. */
    async ask(operation: string, input: object = {}): Promise<Json> {
      const response = await gateway.logs(operation, input)
      const text = await response.text()
      if (!response.ok) throw new Error(text)
      return text === '' ? {} : (JSON.parse(text) as Json)
    },
    /** One line each, of now. */
    print(logGroupName: string, logStreamName: string, ...messages: string[]) {
      const timestampMilliseconds = gateway.clock.now()
      const entries = messages.map((message) => ({ timestampMilliseconds, message }))
      gateway.appendLog(logGroupName, [{ logStreamName, entries }])
    },
  }
}

/** Status, header and body of an error of JSON 1.1 in one go. */
export async function expectLogsError(
  response: Response,
  code: string,
  message: string | RegExp,
  expect: ExpectStatic,
): Promise<void> {
  const body: unknown = await response.json()
  expect(response.status).toBe(400)
  expect(response.headers.get('x-amzn-errortype')).toBe(code)
  expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1')
  const text = typeof message === 'string' ? message : expect.stringMatching(message)
  expect(body).toEqual({ __type: code, message: text })
}

export const NO_GROUP = [
  'ResourceNotFoundException',
  'The specified log group does not exist.',
] as const
export const NO_STREAM = [
  'ResourceNotFoundException',
  'The specified log stream does not exist.',
] as const
