import type { Alarm } from '../../ports/alarm.ts'
import type { ActorHost, HostActors } from '../in-process/hosted-actors.ts'
import { memorySql } from './memory-sql.ts'

interface Hosted {
  actor: { wake(): Promise<void> }
  alarmAtMilliseconds: number
}

export interface MemoryActorHosts {
  hostActors: HostActors
  /** `Infinity` when none wants to be woken. */
  nextAlarmAtMilliseconds(): number
  /** Wakes those whose alarm is due. */
  fireAlarms(): Promise<void>
}

/** Actors with databases in memory, whose alarms go off when they are told to. */
export function memoryActorHosts(now: () => number): MemoryActorHosts {
  const everyone: Map<string, Hosted>[] = []

  function hostActors<Actor extends { wake(): Promise<void> }>(
    _kind: string,
    create: (name: string, host: ActorHost) => Actor,
  ) {
    const actors = new Map<string, Hosted & { actor: Actor }>()
    everyone.push(actors)

    function entryOf(name: string) {
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
      get: (name: string) => entryOf(name).actor,
      async remove(name: string, end: (actor: Actor) => void | Promise<void>) {
        await end(entryOf(name).actor)
        actors.delete(name)
      },
    }
  }

  const hosted = () => everyone.flatMap((actors) => Array.from(actors.values()))
  return {
    hostActors,
    nextAlarmAtMilliseconds: () =>
      Math.min(...hosted().map(({ alarmAtMilliseconds }) => alarmAtMilliseconds)),
    async fireAlarms() {
      for (const actors of everyone) {
        for (const entry of actors.values()) {
          if (entry.alarmAtMilliseconds > now()) continue
          entry.alarmAtMilliseconds = Infinity
          await entry.actor.wake()
        }
      }
    },
  }
}
