import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startGateway } from '../support/local-gateway.ts'
import { faultsInBucket } from './faults-in-bucket.ts'
import { fuzz, VARIABLES } from './fuzz.ts'
import { requestOf } from './request-of.ts'

// `npm run fuzz` sends more, and others; what it finds can be sent again by seed and index.

test('1,500 requests that are mostly wrong break nothing', async () => {
  const persistTo = await mkdtemp(join(tmpdir(), 'fuzz-'))
  const gateway = await startGateway({ variables: VARIABLES, persistTo })
  try {
    const { faults, ledger, statuses } = await fuzz(gateway, { seed: 1, requests: 1500, parts: 3 })
    await gateway.stop()
    expect([...faults, ...faultsInBucket(persistTo, ledger)]).toEqual([])
    // Nothing would be proved by requests that are all refused at the door.
    for (const [operation, status] of ALSO_SERVED) {
      expect(statuses[operation]).toHaveProperty(status)
    }
  } finally {
    await gateway.stop()
    await rm(persistTo, { recursive: true, force: true })
  }
})

const ALSO_SERVED = [
  ['UploadFunction', '201'],
  ['UpdateFunctionConfiguration', '200'],
  ['DeleteFunction', '204'],
  ['InvokeAsync', '202'],
  ['ListFunctions', '200'],
  ['FilterLogEvents', '200'],
  ['GetLogEvents', '200'],
  ['ListDeadLetters', '200'],
  ['download', '200'],
] as const

test('a request is made from its seed and index alone', () => {
  const made = (seed: number) => Array.from({ length: 200 }, (_, index) => requestOf(seed, index))
  expect(made(1)).toEqual(made(1))
  expect(made(2)).not.toEqual(made(1))
})
