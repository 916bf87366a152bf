import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { soak } from './soak-world.ts'

// `npm run soak` does the same with more seeds and more events.

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
afterEach(() => void vi.restoreAllMocks())

test.each([1, 2])('seed %i: of 5,000 accepted events none is lost or stuck', async (seed) => {
  const account = await soak(seed, 5000)
  expect(account.accepted).toBeGreaterThanOrEqual(5000)
  expect(account.records).toBeGreaterThan(500)
  const kinds = { ...account.faults, ...account.ends }
  expect(Object.values(kinds).every((count) => count > 20)).toBe(true)
})
