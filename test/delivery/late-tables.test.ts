import { describe, expect, test } from 'vitest'
import { parseSettings } from '../../src/aws/settings.ts'
import { FunctionActor } from '../../src/delivery/function-actor.ts'
import { withLateTables } from '../../src/delivery/late-tables.ts'
import { memoryCodeStore } from '../../src/platform/memory/memory-code-store.ts'
import { memoryFunctionStore } from '../../src/platform/memory/memory-function-store.ts'
import { memorySql } from '../../src/platform/memory/memory-sql.ts'
import type { Sql } from '../../src/ports/sql.ts'
import { fakeClock } from '../support/clock.ts'
import { scriptedRunner } from '../support/scripted-runner.ts'
import { mappingOf } from './mapping-world.ts'

const tablesOf = (sql: Sql) => sql.all('SELECT name FROM sqlite_master').length
const event = { functionName: 'f', requestId: 'r', acceptedAtMilliseconds: 1, payload: '{}' }

function actorOn(sql: Sql): FunctionActor {
  const { now } = fakeClock()
  return new FunctionActor({
    sql,
    alarm: { set: () => undefined, clear: () => undefined },
    functions: memoryFunctionStore({ now }),
    code: memoryCodeStore(now),
    runner: scriptedRunner().runner,
    log: { note: () => undefined },
    settings: parseSettings({}),
    now,
    newId: () => crypto.randomUUID(),
  })
}

describe('a function that nobody has ever uploaded', () => {
  test('leaves nothing behind, whatever is asked of it', async () => {
    const sql = memorySql()
    const actor = actorOn(sql)
    const none = { queued: 0, running: 0, waiting: 0, succeeded: 0, dead: 0 }
    expect(actor.get()).toBeUndefined()
    expect(await actor.updateConfiguration({ Timeout: 9 })).toBeUndefined()
    expect(await actor.delete()).toBe(false)
    expect(await actor.acquire('holder')).toEqual({ kind: 'noSuchFunction' })
    expect(actor.history.get('r')).toBeUndefined()
    expect(actor.history.list(undefined, 10)).toEqual({ events: [] })
    expect(actor.history.count()).toEqual(none)
    expect(actor.letters.list(10)).toEqual({ letters: [] })
    expect(actor.letters.get('r')).toBeUndefined()
    expect(actor.redrive('all')).toBe(0)
    expect(actor.purge('all')).toBe(0)
    await actor.wake()
    expect(tablesOf(sql)).toBe(0)
  })

  test('keeps an event of its name all the same, and knows it after a restart', () => {
    const sql = memorySql()
    actorOn(sql).accept([event])
    expect(actorOn(sql).letters.get('r')?.reason).toMatch(/^Function not found/)
  })
})

describe('a stream that is not there', () => {
  test('leaves nothing behind when somebody maps it', async () => {
    const { add, actor, tables } = mappingOf(undefined)
    expect(await add()).toEqual({ kind: 'noSuchStream' })
    expect(actor().get()).toBeUndefined()
    expect(await actor().remove('u1')).toBe(false)
    expect(await actor().report('u1', 'a', { kind: 'ok' })).toBe(false)
    await actor().noticeFunction()
    await actor().wake()
    expect(tables()).toEqual([])
  })
})

describe('tables that are made late', () => {
  test('are made anew when the transaction that made them is rolled back', () => {
    const sql = memorySql()
    const late = withLateTables(sql, 'one')
    late.all('CREATE TABLE IF NOT EXISTS one (n INTEGER)')
    const insert = () => late.all('INSERT INTO one VALUES (1)')
    const fails = () => {
      insert()
      throw new Error('rolled back')
    }
    expect(() => late.transaction(fails)).toThrow('rolled back')
    expect(tablesOf(sql)).toBe(0)
    insert()
    expect(late.all('SELECT n FROM one')).toEqual([{ n: 1 }])
  })

  test('are made anew with the next row when they were dropped', () => {
    const sql = memorySql()
    const late = withLateTables(sql, 'one')
    late.all('CREATE TABLE IF NOT EXISTS one (n INTEGER)')
    late.all('INSERT INTO one VALUES (1)')
    late.all('DROP TABLE one')
    expect(late.all('SELECT n FROM one')).toEqual([])
    late.all('DROP TABLE one')
    expect(tablesOf(sql)).toBe(0)
    late.all('INSERT INTO one VALUES (2)')
    expect(late.all('SELECT n FROM one')).toEqual([{ n: 2 }])
  })

  test('and were there before are made anew as well', () => {
    const sql = memorySql()
    sql.all('CREATE TABLE one (n INTEGER)')
    const late = withLateTables(sql, 'one')
    late.all('CREATE TABLE IF NOT EXISTS one (n INTEGER)')
    late.all('DROP TABLE one')
    late.all('INSERT INTO one VALUES (1)')
    expect(late.all('SELECT n FROM one')).toEqual([{ n: 1 }])
  })

  test('are there still when the transaction that dropped them is rolled back', () => {
    const late = withLateTables(memorySql(), 'one')
    late.all('CREATE TABLE IF NOT EXISTS one (n INTEGER)')
    late.all('INSERT INTO one VALUES (1)')
    const fails = () => {
      late.all('DROP TABLE one')
      throw new Error('rolled back')
    }
    expect(() => late.transaction(fails)).toThrow('rolled back')
    expect(late.all('SELECT n FROM one')).toEqual([{ n: 1 }])
  })
})
