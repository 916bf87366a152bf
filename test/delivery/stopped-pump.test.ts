import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parseSettings } from '../../src/aws/settings.ts'
import { PumpActor } from '../../src/delivery/pump-actor.ts'
import { memorySql } from '../../src/platform/memory/memory-sql.ts'
import type { PumpJob } from '../../src/ports/pumps.ts'
import type { StreamRecord } from '../../src/ports/stream-reader.ts'
import { recordOf } from '../contracts/function-store.ts'
import { fakeClock } from '../support/clock.ts'
import { ROLE } from '../support/memory-gateway.ts'
import { scriptedRunner, settled } from '../support/scripted-runner.ts'
import { streamArn } from '../wire/event-sources.ts'

const mapping = { EventSource: streamArn('clicks'), FunctionName: 'fed', BatchSize: 1, Role: ROLE }
const job: PumpJob = { shardId: 's', mapping: { UUID: 'u', ...mapping } }
const BEGIN = { kind: 'trimHorizon' } as const

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
afterEach(() => void vi.restoreAllMocks())

/** A pump of a shard that has one record, and may take its time to hear of pumps. */
function pumpOf(subscribe: (isWanted: boolean) => Promise<undefined>) {
  const sql = memorySql()
  const clock = fakeClock()
  const { runner, started } = scriptedRunner()
  const record: StreamRecord = {
    sequenceNumber: '49'.padEnd(56, '0'),
    partitionKey: 'key',
    data: 'YQ==',
    arrivedAtMilliseconds: clock.now(),
  }
  const place = { slot: 0, untilMilliseconds: 0 }
  const subscribed = new Set<string>()
  let alarmAt = Infinity

  const made = () =>
    new PumpActor({
      sql,
      alarm: {
        set: (at) => void (alarmAt = at),
        clear: () => void (alarmAt = Infinity),
      },
      reader: {
        shards: () => Promise.resolve(undefined),
        latest: () => Promise.resolve(undefined),
        read: () =>
          Promise.resolve({ kind: 'records', records: [record], hasMore: false, isEnd: false }),
        async subscribe(_streamName, _shardId, pump, isWanted) {
          await subscribe(isWanted)
          if (isWanted) subscribed.add(pump)
          else subscribed.delete(pump)
          return undefined
        },
      },
      capacity: {
        acquire: () => Promise.resolve({ kind: 'granted', record: recordOf('fed'), place }),
        release: () => Promise.resolve(),
      },
      runner,
      reports: { report: () => Promise.resolve(true) },
      expired: { bury: () => Promise.resolve() },
      settings: parseSettings({}),
      now: clock.now,
      newId: () => crypto.randomUUID(),
    })

  let actor = made()

  return {
    actor: () => actor,
    subscribed,
    /** How many batches have begun. */
    batches: () => started.length,
    tables: () => sql.all('SELECT name FROM sqlite_master'),
    alarmAt: () => alarmAt,
    restart() {
      actor = made()
    },
    async start() {
      actor.start(job, BEGIN)
      await rest()
    },
    /** The alarm goes off, much later. */
    async ring() {
      clock.advance(60 * 60 * 1000)
      await actor.wake()
      await rest()
    },
  }
}

async function rest() {
  for (let i = 0; i < 10; i += 1) await settled()
}

test('a ticket that comes after a pump was stopped leaves nothing behind', async () => {
  const { actor, start, tables, alarmAt } = pumpOf(() => Promise.resolve(undefined))
  actor().notify()
  expect(tables()).toEqual([])
  await start()
  expect(tables()).toHaveLength(1)
  await actor().stop()
  actor().notify()
  await actor().wake()
  expect(tables()).toEqual([])
  expect(alarmAt()).toBe(Infinity)
})

test('a pump is not started anew before its shard knows that it was stopped', async () => {
  const leaving = Promise.withResolvers<undefined>()
  const { actor, start, tables, subscribed } = pumpOf((isWanted) =>
    isWanted ? Promise.resolve(undefined) : leaving.promise,
  )
  await start()
  expect(actor().isStopped()).toBe(false)
  const stops = [actor().stop(), actor().stop()]
  expect(actor().isStopped()).toBe(true)
  await expect(start()).rejects.toThrow('The pump is still being stopped')
  leaving.resolve(undefined)
  await stops[0]
  await start()
  await stops[1]
  expect(actor().isStopped()).toBe(false)
  expect(tables()).toHaveLength(1)
  expect(subscribed.size).toBe(1)
})

describe.each(['still lives', 'was restarted'])('a stopped pump that %s', (whatItDid) => {
  /** The shard heard nothing of the end. */
  async function stopped() {
    const shard = { isAway: false }
    const pump = pumpOf(() =>
      shard.isAway ? Promise.reject(new Error('connection lost')) : Promise.resolve(undefined),
    )
    await pump.start()
    expect(pump.batches()).toBe(1)
    shard.isAway = true
    await expect(pump.actor().stop()).rejects.toThrow('connection lost')
    if (whatItDid === 'was restarted') pump.restart()
    return { ...pump, shard }
  }

  test('begins no batch though its shard does not know', async () => {
    const { actor, start, batches, ring, alarmAt } = await stopped()
    expect(alarmAt()).toBe(Infinity)
    await expect(start()).rejects.toThrow('The pump is still being stopped')
    actor().notify()
    actor().hurry()
    await ring()
    await expect(actor().stop()).rejects.toThrow('connection lost')
    expect(batches()).toBe(1)
  })

  test('is gone when it is stopped again and its shard knows', async () => {
    const { actor, shard, subscribed, tables, start, batches } = await stopped()
    expect(subscribed.size).toBe(1)
    shard.isAway = false
    await actor().stop()
    expect(subscribed.size).toBe(0)
    expect(tables()).toEqual([])
    await start()
    expect(batches()).toBe(2)
  })
})
