import { defineConfig } from 'vitest/config'

/** Tests of a running gateway, which ask it from outside: they go for both editions. */
const OF_A_RUNNING_GATEWAY = [
  'test/clients/*.test.ts',
  'test/cli/*.test.ts',
  'test/wire/{workerd,hostile}.test.ts',
  'test/gateway/sigv4-http.test.ts',
  'test/readme.test.ts',
  'test/fuzz/fuzz.test.ts',
]

export default defineConfig({
  test: {
    // One workerd or wrangler per file is the unit of work; two cores run two of them at a time.
    maxWorkers: 2,
    // What a test that passes prints is nobody's concern.
    silent: 'passed-only',
    // Only to end what hangs: a busy machine may take its time.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: [
      { extends: true, test: { name: 'workers', include: ['test/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'deno',
          include: OF_A_RUNNING_GATEWAY,
          env: { GATEWAY_EDITION: 'deno' },
        },
      },
    ],
  },
})
