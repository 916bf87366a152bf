import { expect, test } from 'vitest'
import { newRequestId } from '../../src/aws/request-id.ts'

test('A request id is a UUID of version 7, of its millisecond, and no other', () => {
  const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
  const ids = Array.from({ length: 1000 }, () =>
    newRequestId(1_795_938_983_615, crypto.randomUUID()),
  )
  for (const id of ids) expect(id).toMatch(version7)
  expect(new Set(ids).size).toBe(1000)
  // RFC 9562, 5.7: 48 bits of milliseconds since 1970 come first.
  expect(new Set(ids.map((id) => parseInt(id.slice(0, 13).replace('-', ''), 16)))).toEqual(
    new Set([1_795_938_983_615]),
  )
})

test('Later requests have greater ids', () => {
  expect(
    newRequestId(1_795_938_983_616, crypto.randomUUID()) >
      newRequestId(1_795_938_983_615, crypto.randomUUID()),
  ).toBe(true)
  expect(newRequestId(0, crypto.randomUUID())).toMatch(/^00000000-0000-7/)
})
