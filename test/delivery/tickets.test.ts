import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Interpose } from '../../src/platform/in-process/hosted-actors.ts'
import { memoryPlatform } from '../../src/platform/memory/memory-ports.ts'
import type { Shards } from '../../src/ports/shards.ts'
import { draftOf } from '../contracts/function-actor.ts'
import { fakeClock } from '../support/clock.ts'
import { ROLE } from '../support/memory-gateway.ts'
import { SUCCEEDED, scriptedRunner, settled } from '../support/scripted-runner.ts'
import { streamArn } from '../wire/event-sources.ts'

// Whom a stream's writers wake, as its shards name them.

const HOUR_MILLISECONDS = 60 * 60 * 1000
const PAIR = { EventSource: streamArn('clicks'), FunctionName: 'fed' }

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
afterEach(() => void vi.restoreAllMocks())

/** A function `fed` whose tries all succeed, mapped to a stream `clicks` of one shard. */
async function fedByClicks(disturb?: Interpose) {
  const clock = fakeClock()
  const script = scriptedRunner()
  script.willAnswer(...Array.from({ length: 100 }, () => SUCCEEDED))
  const { ports, fireAlarms } = memoryPlatform({
    now: clock.now,
    runner: script.runner,
    ...(disturb && { disturb }),
  })
  /** Lets everything happen that can happen now. */
  async function rest() {
    for (let i = 0; i < 30; i += 1) await settled()
  }
  await ports.registry.upload(draftOf('fed'), 'code/fed/1.zip')
  await ports.streams.create('clicks', 1)
  const Parameters = { InitialPositionInStream: 'TRIM_HORIZON' } as const
  const added = await ports.eventSources.add({ ...PAIR, Role: ROLE, BatchSize: 9, Parameters })
  if (added.kind !== 'added') throw new Error(added.kind)
  await rest()
  return {
    ports,
    script,
    rest,
    remove: () => ports.eventSources.remove(PAIR, added.configuration.UUID),
    /** Puts one record; answers whom it woke. */
    async put(): Promise<string[]> {
      const stream = await ports.streams.find('clicks')
      if (stream === undefined) throw new Error('no stream')
      const pack = { records: 1, bytes: 1, body: '["a",""]' }
      const put = await ports.shards.put({ ...stream, shardIndex: 0 }, [pack])
      if (put.kind !== 'stored') throw new Error(put.kind)
      await ports.streamWakes.send(put.pumps)
      await rest()
      return put.pumps
    },
    async pass(milliseconds: number) {
      for (let left = milliseconds; left > 0; left -= 10_000) {
        clock.advance(Math.min(left, 10_000))
        await fireAlarms()
        await rest()
      }
    },
  }
}

/** Has something between every subscription and its shard. */
function beforeSubscribing(meanwhile: (isWanted: boolean) => Promise<unknown>): Interpose {
  return (_name, port) => {
    if (!('subscribe' in port)) return port
    const shards = port as unknown as Shards
    const subscribe: Shards['subscribe'] = async (shard, pump, isWanted) => {
      await meanwhile(isWanted)
      return shards.subscribe(shard, pump, isWanted)
    }
    return { ...port, subscribe }
  }
}

test('a stream that is deleted and made again at once wakes its pumps again', async () => {
  const { ports, put, pass, script } = await fedByClicks()
  expect(await put()).toHaveLength(1)
  await ports.streams.delete('clicks')
  await ports.streams.create('clicks', 1)
  expect(await put()).toEqual([])
  await pass(20_000)
  expect(script.started).toHaveLength(2)
  expect(await put()).toHaveLength(1)
  expect(script.started).toHaveLength(3)
})

test('what is put before a pump is subscribed anew waits for nothing', async () => {
  const subscribing = Promise.withResolvers<undefined>()
  let subscriptions = 0
  const { ports, put, pass, rest, script } = await fedByClicks(
    beforeSubscribing(async () => {
      subscriptions += 1
      if (subscriptions === 2) await subscribing.promise
    }),
  )
  await ports.streams.delete('clicks')
  await ports.streams.create('clicks', 1)
  await pass(20_000)
  expect(await put()).toEqual([])
  subscribing.resolve(undefined)
  await rest()
  expect(script.started).toHaveLength(1)
})

test('a pump whose shard could not be told of its end is not woken for ever', async () => {
  let failures = 0
  const { put, pass, remove } = await fedByClicks(
    beforeSubscribing((isWanted) => {
      if (isWanted || failures > 0) return Promise.resolve()
      failures += 1
      return Promise.reject(new Error('Network connection lost'))
    }),
  )
  await expect(remove()).rejects.toThrow('could not be stopped')
  expect(failures).toBe(1)
  await pass(HOUR_MILLISECONDS)
  expect(await put()).toEqual([])
})

test('a pump that is stopped while it subscribes is not woken for ever', async () => {
  const subscribing = Promise.withResolvers<undefined>()
  const { put, remove } = await fedByClicks(
    beforeSubscribing((isWanted) => (isWanted ? subscribing.promise : Promise.resolve())),
  )
  const removed = remove()
  await settled()
  subscribing.resolve(undefined)
  expect(await removed).toBe(true)
  expect(await put()).toEqual([])
})
