import { describe, expect, test } from 'vitest'
import { fromMarker, toMarker } from '../../src/aws/marker.ts'

const seal = { secret: 'local', operation: 'ListFunctions' }

describe('a marker', () => {
  test.each(['a', 'function/ä€😀', '', 'x'.repeat(3000), '\0\n'])(
    'wraps %j, needs no escaping, and gives it back',
    (cursor) => {
      const marker = toMarker(seal, cursor)
      expect(marker).toMatch(/^[A-Za-z0-9_-]+$/)
      expect(fromMarker(seal, marker)).toBe(cursor)
    },
  )

  test.each([
    { ...seal, secret: 'other' },
    { ...seal, operation: 'Other' },
  ])('means nothing under another seal', (other) => {
    expect(() => fromMarker(other, toMarker(seal, 'a'))).toThrow(
      expect.objectContaining({ code: 'InvalidParameterValueException' }),
    )
  })

  test('has one spelling: no bit of it may differ', () => {
    const marker = toMarker(seal, 'function/a')
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    for (let at = 0; at < marker.length; at++) {
      const value = alphabet.indexOf(marker.charAt(at))
      const changed = marker.slice(0, at) + alphabet.charAt(value ^ 1) + marker.slice(at + 1)
      expect(() => fromMarker(seal, changed)).toThrow()
    }
  })
})
