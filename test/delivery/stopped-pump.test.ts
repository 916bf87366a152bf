import { expect, test } from 'vitest'
import { parseSettings } from '../../src/aws/settings.ts'
import { PumpActor } from '../../src/delivery/pump-actor.ts'
import { memorySql } from '../../src/platform/memory/memory-sql.ts'
import type { PumpJob } from '../../src/ports/pumps.ts'
import { fakeClock } from '../support/clock.ts'
import { ROLE } from '../support/memory-gateway.ts'
import { scriptedRunner } from '../support/scripted-runner.ts'
import { streamArn } from '../wire/event-sources.ts'

const mapping = { EventSource: streamArn('clicks'), FunctionName: 'fed', BatchSize: 1, Role: ROLE }
const job: PumpJob = { shardId: 's', mapping: { UUID: 'u', ...mapping } }

/** A pump of a shard that has no records, and may take its time to hear of pumps. */
function pumpOf(subscribe: () => Promise<undefined>) {
  const sql = memorySql()
  const actor = new PumpActor({
    sql,
    alarm: { set: () => undefined, clear: () => undefined },
    reader: {
      shards: () => Promise.resolve(undefined),
      latest: () => Promise.resolve(undefined),
      read: () => Promise.resolve({ kind: 'gone' }),
      subscribe,
    },
    capacity: {
      acquire: () => Promise.resolve({ kind: 'noSuchFunction' }),
      release: () => Promise.resolve(),
    },
    runner: scriptedRunner().runner,
    reports: { report: () => Promise.resolve(true) },
    expired: { bury: () => Promise.resolve() },
    settings: parseSettings({}),
    now: fakeClock().now,
    newId: () => crypto.randomUUID(),
  })
  return { actor, tables: () => sql.all('SELECT name FROM sqlite_master') }
}

test('a ticket that comes after a pump was stopped leaves nothing behind', async () => {
  const { actor, tables } = pumpOf(() => Promise.resolve(undefined))
  actor.notify()
  expect(tables()).toEqual([])
  actor.start(job, { kind: 'trimHorizon' })
  expect(tables()).toHaveLength(1)
  await actor.stop()
  actor.notify()
  await actor.wake()
  expect(tables()).toEqual([])
})

test('a pump that is started while its stop is under way is not stopped', async () => {
  const shard = Promise.withResolvers<undefined>()
  const { actor, tables } = pumpOf(() => shard.promise)
  actor.start(job, { kind: 'trimHorizon' })
  expect(actor.isStopped()).toBe(false)
  const stopped = actor.stop()
  expect(actor.isStopped()).toBe(true)
  actor.start(job, { kind: 'trimHorizon' })
  shard.resolve(undefined)
  await stopped
  expect(actor.isStopped()).toBe(false)
  expect(tables()).toHaveLength(1)
})
