import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { settled } from '../support/scripted-runner.ts'
import { MINUTE, SECOND, mapped, shard } from './mapping-world.ts'

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
afterEach(() => void vi.restoreAllMocks())

describe('a shard that its stream no longer lists', () => {
  test('has its pump stopped, and that once', async () => {
    const { list, pass, told } = await mapped(shard('a'), shard('b'))
    await list(shard('a'))
    expect(told()).toEqual(['stop u1/b'])
    await pass(60 * MINUTE)
    expect(told()).toEqual([])
  })

  test('is a new one when it is listed again, and is read from its first record on', async () => {
    const { list, told, positions } = await mapped(shard('a'), shard('b'))
    expect(positions.map(({ kind }) => kind)).toEqual(['after', 'after'])
    await list(shard('a'))
    await list(shard('a'), shard('b'))
    expect(told()).toEqual(['stop u1/b', 'start u1/b'])
    expect(positions.at(-1)).toEqual({ kind: 'trimHorizon' })
  })

  test('begins anew when its old pump was stopped, and not before', async () => {
    const { list, pass, told, away } = await mapped(shard('a'), shard('b'))
    away.add('u1/b')
    await list(shard('a'))
    await list(shard('a'), shard('b'))
    expect(told()).toEqual([])
    away.clear()
    await pass(2 * SECOND)
    expect(told()).toEqual(['stop u1/b', 'start u1/b'])
  })

  test('knows nothing of what its old pump says late', async () => {
    const { list, pass, told, away, actor } = await mapped(shard('a'), shard('b'))
    const says = (kind: 'ok' | 'ended') => actor().report('u1', 'b', { kind })
    away.add('u1/b')
    await list(shard('a'))
    expect(await says('ok')).toBe(false)
    await list(shard('a'), shard('b'))
    expect(await says('ended')).toBe(false)
    away.clear()
    await pass(2 * SECOND)
    expect(told()).toEqual(['stop u1/b', 'start u1/b'])
    expect(await says('ok')).toBe(true)
  })

  test('keeps its children waiting until its pump was stopped', async () => {
    const { list, pass, told, away } = await mapped(shard('a'), shard('b', 'a'))
    away.add('u1/a')
    await list(shard('b', 'a'))
    expect(told()).toEqual([])
    away.clear()
    await pass(2 * SECOND)
    expect(told()).toEqual(['stop u1/a', 'start u1/b'])
  })

  test('has no part in the Status any more', async () => {
    const { list, actor } = await mapped(shard('a'), shard('b'))
    const problem = { kind: 'problem', message: 'Stream not found', isOfShard: false } as const
    await actor().report('u1', 'b', problem)
    expect(actor().get()?.Status).toBe('PROBLEM:Stream not found')
    await list(shard('a'))
    expect(actor().get()?.Status).toBe('OK')
  })
})

describe('a shard that was read to its end', () => {
  test('stays so as long as it is listed, and lets its children begin', async () => {
    const { list, told, actor } = await mapped(shard('a'), shard('b', 'a'))
    await actor().report('u1', 'a', { kind: 'ended' })
    await settled()
    expect(told()).toEqual(['start u1/b'])
    await list(shard('a'), shard('b', 'a'))
    await list(shard('a'), shard('b', 'a'))
    expect(told()).toEqual([])
  })
})

describe('a stream that lists no shard, for it is being created', () => {
  test('has lost none', async () => {
    const { list, told } = await mapped(shard('a'), shard('b'))
    await list()
    await list(shard('a'), shard('b'))
    expect(told()).toEqual([])
  })
})
