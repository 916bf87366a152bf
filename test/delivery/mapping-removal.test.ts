import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SECOND, mapped, shard } from './mapping-world.ts'

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
afterEach(() => void vi.restoreAllMocks())

describe('a mapping that is removed while a pump cannot be told', () => {
  test('is not gone, is found by its UUID, and keeps a new one of its pair away', async () => {
    const { actor, away, index, add, told } = await mapped(shard('a'), shard('b'))
    away.add('u1/b')
    await expect(actor().remove('u1')).rejects.toThrow('could not be stopped')
    expect(told()).toEqual(['stop u1/a'])
    expect(await index.get('u1')).toBeDefined()
    await expect(add()).rejects.toThrow('could not be stopped')
    await expect(actor().remove('u1')).rejects.toThrow('could not be stopped')
    expect(await actor().remove('u2')).toBe(false)
  })

  test('goes when it is removed again', async () => {
    const { actor, away, index, add, restart } = await mapped(shard('a'))
    away.add('u1/a')
    await expect(actor().remove('u1')).rejects.toThrow('could not be stopped')
    restart()
    away.clear()
    expect(await actor().remove('u1')).toBe(true)
    expect(await index.get('u1')).toBeUndefined()
    expect(await actor().remove('u1')).toBe(false)
    expect(await add()).toMatchObject({ configuration: { UUID: 'u2' } })
  })

  test('goes by itself when the pump is back', async () => {
    const { actor, away, index, pass, told, alarmAt } = await mapped(shard('a'))
    away.add('u1/a')
    await expect(actor().remove('u1')).rejects.toThrow('could not be stopped')
    await pass(10 * SECOND)
    await actor().noticeFunction()
    expect(await index.get('u1')).toBeDefined()
    away.clear()
    await pass(2 * SECOND)
    expect(told()).toEqual(['stop u1/a'])
    expect(await index.get('u1')).toBeUndefined()
    expect(alarmAt()).toBe(Infinity)
    expect(await actor().remove('u1')).toBe(false)
  })

  test('goes when its pair is mapped anew and the pump is back', async () => {
    const { actor, away, index, add, told } = await mapped(shard('a'))
    away.add('u1/a')
    await expect(actor().remove('u1')).rejects.toThrow('could not be stopped')
    away.clear()
    expect(await add()).toMatchObject({ configuration: { UUID: 'u2' } })
    expect(told()).toEqual(['stop u1/a', 'start u2/a'])
    expect(await index.get('u1')).toBeUndefined()
  })
})
