import { expect, test } from 'vitest'
import { initialState } from '../../src/delivery/pump-state.ts'
import { ShardPump } from '../../src/delivery/shard-pump.ts'
import type { PumpEffect } from '../../src/delivery/pump-effect.ts'
import { recordOf } from '../contracts/function-store.ts'

const RECORDS_A_READ = 4

/** How many bytes a pump has read of long records, of which there are ever more, while a batch runs. */
function bytesReadAhead(batchSize: number, recordBytes: number): number {
  let [now, number, bytes] = [0, 0, 0]
  const pump = new ShardPump(
    initialState({ kind: 'trimHorizon' }),
    { batchSize, envelopeBytes: 400 },
    { idlePollMilliseconds: 20_000, newId: () => 'id' },
  )
  const effects: PumpEffect[] = pump.wake(now)
  for (let effect = effects.shift(); effect !== undefined; effect = effects.shift()) {
    now += 10
    if (effect.kind === 'read') {
      const records = Array.from({ length: RECORDS_A_READ }, () => ({
        sequenceNumber: String(++number).padStart(56, '0'),
        partitionKey: 'key',
        data: 'x'.repeat(recordBytes),
        arrivedAtMilliseconds: now,
      }))
      bytes += RECORDS_A_READ * recordBytes
      const read = { kind: 'records', records, hasMore: true, isEnd: false } as const
      effects.push(...pump.wasRead(effect.readNumber, read, now))
    } else if (effect.kind === 'acquire') {
      const record = recordOf('fed', { Timeout: 60 })
      const place = { slot: 0, untilMilliseconds: 0 }
      effects.push(...pump.granted(effect.acquireNumber, { record, place }, now))
    }
  }
  return bytes
}

test.each([100, 10_000])(
  'with a BatchSize of %i, what waits for a batch of long records fits into an isolate',
  (batchSize) => {
    expect(bytesReadAhead(batchSize, 1_400_000)).toBeLessThan(32 * 1024 * 1024)
  },
)

test('of short records a whole batch waits for the one that runs', () => {
  expect(bytesReadAhead(1000, 10)).toBeGreaterThanOrEqual(1000 * 10)
})
