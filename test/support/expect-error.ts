import type { ExpectStatic } from 'vitest'

/** Status, header and the spelling of the body's member in one go. */
export async function expectError(
  response: Response,
  code: string,
  expected: { status: number; member: 'message' | 'Message'; text: string | RegExp },
  expect: ExpectStatic,
): Promise<void> {
  const body: unknown = await response.json()
  expect({ status: response.status, code: response.headers.get('x-amzn-errortype') }).toEqual({
    status: expected.status,
    code,
  })
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(body).toEqual(
    expect.objectContaining({
      [expected.member]:
        typeof expected.text === 'string' ? expected.text : expect.stringMatching(expected.text),
    }),
  )
}

/** All of an error's wire form. */
export async function expectWire(
  response: Response,
  { status, code, body }: { status: number; code: string; body: Record<string, string> },
  expect: ExpectStatic,
): Promise<void> {
  expect({
    status: response.status,
    code: response.headers.get('x-amzn-ErrorType'),
    type: response.headers.get('content-type'),
    body: await response.json(),
  }).toEqual({ status, code, type: 'application/json', body })
  expect(response.headers.get('x-amzn-RequestId')).toMatch(REQUEST_ID)
}

/** A UUID: the gateway's begin with their time, those of gateways in memory are random. */
export const REQUEST_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
