import { describe, expect, test } from 'vitest'
import { excerpt } from '../../src/aws/excerpt.ts'

describe('excerpt', () => {
  test.each([
    { text: '', max: 0, expected: '' },
    { text: 'short', max: 5, expected: 'short' },
    { text: 'x'.repeat(100), max: 50, expected: `${'x'.repeat(32)}… (100 characters)` },
    {
      text: `${'x'.repeat(31)}${'😀'.repeat(50)}`,
      max: 50,
      expected: 'x'.repeat(31) + '… (131 characters)',
    },
    { text: 'longer', max: 0, expected: '… (6 characters)' },
  ])('of $text in $max characters', ({ text, max, expected }) => {
    expect(excerpt(text, max)).toBe(expected)
    expect(excerpt(excerpt(text, max), Math.max(max, expected.length))).toBe(expected)
  })
})
