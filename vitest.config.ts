import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // One workerd or wrangler per file is the unit of work; two cores run two of them at a time.
    maxWorkers: 2,
    // What a test that passes prints is nobody's concern.
    silent: 'passed-only',
    // Only to end what hangs: a busy machine may take its time.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
