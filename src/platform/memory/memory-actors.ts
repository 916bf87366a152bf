import type { Alarm } from '../../ports/alarm.ts'
import type { Sql } from '../../ports/sql.ts'
import { memorySql } from './memory-sql.ts'

interface Hosted<Actor> {
  actor: Actor
  alarmAtMilliseconds: number
}

export interface MemoryActors<Actor> {
  get(name: string): Actor
  /** `Infinity` when none wants to be woken. */
  nextAlarmAtMilliseconds(): number
  /** Wakes those whose alarm is due. */
  fireAlarms(): Promise<void>
}

/** Actors by name, each with a database and an alarm of its own, made when first asked for. */
export function memoryActors<Actor extends { wake(): Promise<void> }>(
  now: () => number,
  create: (name: string, host: { sql: Sql; alarm: Alarm }) => Actor,
): MemoryActors<Actor> {
  const actors = new Map<string, Hosted<Actor>>()

  function entryOf(name: string): Hosted<Actor> {
    const known = actors.get(name)
    if (known !== undefined) return known
    const alarm: Alarm = {
      set(atMilliseconds) {
        entry.alarmAtMilliseconds = atMilliseconds
      },
      clear() {
        entry.alarmAtMilliseconds = Infinity
      },
    }
    const actor = create(name, { sql: memorySql(), alarm })
    const entry = { actor, alarmAtMilliseconds: Infinity }
    actors.set(name, entry)
    return entry
  }

  return {
    get: (name) => entryOf(name).actor,
    nextAlarmAtMilliseconds: () =>
      Math.min(...Array.from(actors.values(), (entry) => entry.alarmAtMilliseconds)),
    async fireAlarms() {
      for (const entry of actors.values()) {
        if (entry.alarmAtMilliseconds > now()) continue
        entry.alarmAtMilliseconds = Infinity
        await entry.actor.wake()
      }
    },
  }
}
