import { expect, test } from 'vitest'
import { AlarmClock } from '../../../src/platform/deno/alarm-clock.ts'
import { memorySql } from '../../../src/platform/memory/memory-sql.ts'
import { until } from '../../support/local-gateway.ts'
import { settled } from '../../support/scripted-runner.ts'

function alarmTable(alarms: [name: string, at: number][] = []) {
  const sql = memorySql()
  sql.all(
    'CREATE TABLE alarms (kind TEXT, name TEXT, at INTEGER, PRIMARY KEY (kind, name)) WITHOUT ROWID',
  )
  for (const [name, at] of alarms) sql.all(`INSERT INTO alarms VALUES ('function', ?, ?)`, name, at)
  return {
    sql,
    stored: () =>
      sql.all('SELECT name, at FROM alarms ORDER BY name').map((row) => [row.name, row.at]),
  }
}

const onDisk = { synced: () => Promise.resolve() }

test('a stored alarm is made earlier at once, and later only when what was written is on the disk', async () => {
  const { sql, stored } = alarmTable()
  const disk = Promise.withResolvers<undefined>()
  let isAsked = false
  const synced = () => {
    isAsked = true
    return disk.promise
  }
  const clock = new AlarmClock({ sql, disk: { synced }, now: () => 0, wake: () => onDisk.synced() })
  const alarm = clock.alarmOf('function', 'f')
  alarm.set(5000)
  expect(stored()).toEqual([['f', 5000]])
  alarm.set(3000)
  expect(stored()).toEqual([['f', 3000]])
  alarm.set(9000)
  await until(() => isAsked)
  expect(stored()).toEqual([['f', 3000]])
  // This one may be for something that is not on the disk yet.
  alarm.set(7000)
  disk.resolve(undefined)
  await settled()
  expect(stored()).toEqual([['f', 7000]])
  alarm.clear()
  await until(() => stored().length === 0)
})

test('an alarm stays stored until its actor has done its work, and then goes', async () => {
  const { sql, stored } = alarmTable([['f', 50]])
  const work = Promise.withResolvers<undefined>()
  const woken: string[] = []
  const wake = (kind: string, name: string) => {
    woken.push(`${kind} ${name}`)
    return work.promise
  }
  const clock = new AlarmClock({ sql, disk: onDisk, now: () => 100, wake })
  clock.start()
  await until(() => woken.length > 0)
  expect(stored()).toEqual([['f', 50]])
  work.resolve(undefined)
  await until(() => stored().length === 0)
  expect(woken).toEqual(['function f'])
  await clock.stop()
})

test('of thousands that are overdue all are woken, a few at a time', async () => {
  const names = Array.from({ length: 3000 }, (_, i): [string, number] => [`f${i}`, i])
  const { sql, stored } = alarmTable(names)
  const woken = new Set<string>()
  let awake = 0
  let most = 0
  const clock = new AlarmClock({
    sql,
    disk: onDisk,
    now: () => 5000,
    async wake(_kind, name) {
      awake += 1
      most = Math.max(most, awake)
      await settled()
      awake -= 1
      woken.add(name)
    },
  })
  clock.start()
  await until(() => woken.size === names.length)
  expect(most).toBe(16)
  await until(() => stored().length === 0)
  await clock.stop()
})

test('who is overdue has its turn, however many that come before it are due again at once', async () => {
  const others = Array.from({ length: 40 }, (_, i): [string, number] => [`e${i}`, 100])
  const { sql } = alarmTable([...others, ['f', 101]])
  const woken: string[] = []
  const clock: AlarmClock = new AlarmClock({
    sql,
    disk: onDisk,
    now: () => 5000,
    async wake(_kind, name) {
      woken.push(name)
      await settled()
      if (name !== 'f') clock.alarmOf('function', name).set(5000)
    },
  })
  clock.start()
  await until(() => woken.length >= 200)
  await clock.stop()
  // Each has its turn before anyone has a second.
  expect(new Set(woken.slice(0, 41)).size).toBe(41)
})

test('an actor that fails to wake is woken again later', async () => {
  const { sql, stored } = alarmTable([['f', 50]])
  const wake = () => Promise.reject(new Error('no such file'))
  const clock = new AlarmClock({ sql, disk: onDisk, now: () => 100, wake })
  clock.start()
  await until(() => stored().some(([, at]) => at === 30_100))
  await clock.stop()
})
