import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { workerdPorts, type WorkerdPorts } from '../support/workerd-ports.ts'

// UploadFunction on a real workerd: what its memory and its bucket look like when things go wrong.

const KIB = 1024
const MIB = 1024 * KIB

let workerd: WorkerdPorts

beforeAll(async () => {
  workerd = await workerdPorts()
})

afterAll(() => workerd.close())

describe('a put of 50 MB', () => {
  test.each([
    { chunkBytes: 4 * KIB, takenBytes: 0 },
    { chunkBytes: 64 * KIB, takenBytes: 0 },
    { chunkBytes: 64 * KIB, takenBytes: 5 * MIB },
    { chunkBytes: MIB, takenBytes: 20 * MIB },
  ])(
    'by chunks of $chunkBytes bytes reads at most 8 MiB more than the $takenBytes bytes that a stalled bucket took',
    async ({ chunkBytes, takenBytes }) => {
      const read = await workerd.oddBuckets.readByStalledPut(chunkBytes, takenBytes)
      expect(read).toBeGreaterThanOrEqual(takenBytes)
      expect(read - takenBytes).toBeLessThanOrEqual(8 * MIB)
    },
  )

  test('that the bucket refuses reads no further, and says why', async () => {
    expect(await workerd.oddBuckets.refusedPut()).toEqual({
      error: 'Error: R2 is away',
      isCancelled: true,
    })
  })
})
