import { expect, test } from 'vitest'
import { PumpRecordStore } from '../../src/delivery/pump-record.ts'
import { initialState } from '../../src/delivery/pump-state.ts'
import { memorySql } from '../../src/platform/memory/memory-sql.ts'
import type { PumpJob } from '../../src/ports/pumps.ts'

const job: PumpJob = {
  shardId: 's',
  mapping: { UUID: 'u', EventSource: 'e', FunctionName: 'f', BatchSize: 1, Role: 'r' },
}

test('a pump that is started again after it was stopped begins anew', () => {
  const store = new PumpRecordStore(memorySql())
  const state = initialState({ kind: 'trimHorizon' })
  store.create(job, state)
  store.delete()
  expect(store.load()).toBeUndefined()
  store.create(job, state)
  expect(store.load()).toEqual({ job, state })
})
