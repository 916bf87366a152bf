import { describe, expect, test, vi } from 'vitest'
import { StreamActor } from '../../src/kinesis/storage/stream-actor.ts'
import { memorySql } from '../../src/platform/memory/memory-sql.ts'
import type { ShardKey } from '../../src/ports/shards.ts'
import { fakeClock } from '../support/clock.ts'
import { settled } from '../support/scripted-runner.ts'

/** A Stream actor whose surroundings fail when they are told to. */
function streamActor() {
  const clock = fakeClock()
  const sql = memorySql()
  const opened = new Map<string, number>()
  const listed = new Set<string>()
  const ids = Array.from({ length: 9 }, (_, n) => `id-${n}`)
  const world = {
    alarmAt: Infinity,
    /** So many calls of shards succeed before one fails. */
    goodCalls: Infinity,
    isIndexBroken: false,
    /** What each call of a shard, and each write of the index, comes to in the end. */
    shardAnswer: Promise.resolve(),
    indexAnswer: Promise.resolve(),
  }
  const nameOf = ({ incarnation, shardIndex }: ShardKey) => `${incarnation}/${shardIndex}`
  const call = async (work: () => void) => {
    if (world.goodCalls-- <= 0) throw new Error('lost')
    await world.shardAnswer
    work()
  }
  const index = async (work: () => void) => {
    if (world.isIndexBroken) throw new Error('429')
    await world.indexAnswer
    work()
  }
  /** As after a crash: nothing is left but what was stored. */
  const start = () =>
    new StreamActor({
      streamName: 's',
      sql,
      alarm: {
        set: (at) => (world.alarmAt = at),
        clear: () => (world.alarmAt = Infinity),
      },
      shards: {
        open: (shard, at) => call(() => opened.set(nameOf(shard), at)),
        remove: (shard) => call(() => opened.delete(nameOf(shard))),
      },
      index: {
        put: (stream) => index(() => listed.add(stream.streamName)),
        delete: (name) => index(() => listed.delete(name)),
      },
      now: clock.now,
      newId: () => ids.shift() ?? 'none',
    })
  /** Lets time pass, with every alarm on the way: one that went off is not set any more. */
  async function pass(actor: StreamActor, milliseconds: number) {
    const end = clock.now() + milliseconds
    await settled()
    while (world.alarmAt <= end) {
      clock.advance(Math.max(world.alarmAt - clock.now(), 0))
      world.alarmAt = Infinity
      void actor.wake()
      await settled()
    }
    clock.advance(end - clock.now())
  }
  return { start, world, opened, listed, clock, pass }
}

test('a stream is made with all its shards, and then listed', async () => {
  const { start, world, opened, listed, clock } = streamActor()
  const actor = start()
  expect(actor.find()).toBeUndefined()
  expect(await actor.create(120)).toBe('created')
  expect(actor.find()).toEqual({
    streamName: 's',
    incarnation: 'id-0',
    status: 'ACTIVE',
    shardCount: 120,
    createdAtMilliseconds: clock.now(),
  })
  expect(opened.size).toBe(120)
  expect([...listed]).toEqual(['s'])
  expect(world.alarmAt).toBe(Infinity)
  expect(await actor.create(1)).toBe('existed')
})

test('what a fault left half made is completed by alarm, also after a crash', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const { start, world, opened, listed } = streamActor()
  const actor = start()
  world.goodCalls = 2
  expect(await actor.create(4)).toBe('created')
  expect(actor.find()?.status).toBe('CREATING')
  expect(await actor.delete()).toBe('busy')
  expect(await actor.create(4)).toBe('existed')
  expect([...listed]).toEqual([])
  expect(world.alarmAt).toBeLessThan(Infinity)
  world.goodCalls = Infinity
  const restarted = start()
  expect(restarted.find()?.status).toBe('CREATING')
  await restarted.wake()
  expect(restarted.find()?.status).toBe('ACTIVE')
  expect([...opened.keys()].sort()).toEqual(['id-0/0', 'id-0/1', 'id-0/2', 'id-0/3'])
  expect([...listed]).toEqual(['s'])
  expect(world.alarmAt).toBe(Infinity)
})

test('what a fault left half deleted is completed by alarm, and only then made again', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const { start, world, opened, listed } = streamActor()
  const actor = start()
  await actor.create(3)
  world.goodCalls = 1
  expect(await actor.delete()).toBe('deleted')
  expect(actor.find()?.status).toBe('DELETING')
  expect(await actor.create(1)).toBe('existed')
  expect(opened.size).toBe(2)
  world.goodCalls = Infinity
  const restarted = start()
  await restarted.wake()
  expect(restarted.find()).toBeUndefined()
  expect([opened.size, listed.size, world.alarmAt]).toEqual([0, 0, Infinity])
  expect(await restarted.delete()).toBe('noSuchStream')
})

test('a refused listing is tried again', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const { start, world, listed, clock } = streamActor()
  const actor = start()
  world.isIndexBroken = true
  expect(await actor.create(1)).toBe('created')
  expect(actor.find()?.status).toBe('ACTIVE')
  expect(world.alarmAt).toBe(clock.now() + 1100)
  world.isIndexBroken = false
  await start().wake()
  expect([...listed]).toEqual(['s'])
  expect(world.alarmAt).toBe(Infinity)
})

test('streams of one name are created in different seconds, one after the other', async () => {
  const { start, clock } = streamActor()
  const actor = start()
  const seconds: number[] = []
  for (let round = 0; round < 3; round++) {
    await actor.create(1)
    const stream = actor.find()
    seconds.push(Math.floor((stream?.createdAtMilliseconds ?? 0) / 1000))
    expect(stream?.incarnation).toBe(`id-${round}`)
    await actor.delete()
    clock.advance(-400)
  }
  expect(seconds).toEqual(seconds.toSorted())
  expect(new Set(seconds).size).toBe(3)
})

test('a stream that is made while the one before is still being unlisted is made all the same', async () => {
  const { start, opened, listed, world } = streamActor()
  const actor = start()
  await actor.create(2)
  const deletion = actor.delete()
  // The shards are removed in between, the index has not answered yet.
  while (actor.find() !== undefined) await Promise.resolve()
  const creation = actor.create(3)
  expect(await Promise.all([deletion, creation])).toEqual(['deleted', 'created'])
  expect(actor.find()).toMatchObject({ status: 'ACTIVE', shardCount: 3 })
  expect([opened.size, [...listed], world.alarmAt]).toEqual([3, ['s'], Infinity])
})

describe('what fails after an alarm went off meanwhile', () => {
  const held = () => Promise.withResolvers<undefined>()

  test.each(['CREATING', 'DELETING'] as const)('is taken up again: %s', async (status) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { start, world, opened, pass } = streamActor()
    const actor = start()
    const { promise, reject } = held()
    if (status === 'DELETING') await actor.create(2)
    world.shardAnswer = promise
    void (status === 'DELETING' ? actor.delete() : actor.create(2))
    await pass(actor, 31_000)
    reject(new Error('lost'))
    world.shardAnswer = Promise.resolve()
    await settled()
    expect(actor.find()?.status).toBe(status)
    await pass(actor, 31_000)
    expect(actor.find()?.status).toBe(status === 'CREATING' ? 'ACTIVE' : undefined)
    expect([opened.size, world.alarmAt]).toEqual([status === 'CREATING' ? 2 : 0, Infinity])
  })

  test('is told to the index again', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { start, world, listed, pass } = streamActor()
    const actor = start()
    const { promise, reject } = held()
    world.indexAnswer = promise
    void actor.create(1)
    await pass(actor, 2000)
    reject(new Error('429'))
    world.indexAnswer = Promise.resolve()
    await settled()
    expect([...listed]).toEqual([])
    await pass(actor, 2000)
    expect([...listed]).toEqual(['s'])
    expect(world.alarmAt).toBe(Infinity)
  })
})
