import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ActorHost, ActorKind, HostActors } from '../in-process/hosted-actors.ts'
import { actorSql, type ActorSql } from './actor-sql.ts'
import type { AlarmClock } from './alarm-clock.ts'
import type { DiskSync } from './disk-sync.ts'
import type { OpenDatabases } from './open-databases.ts'

/** So many actors that have stored nothing are remembered: anybody may ask for any name. */
const MAX_UNWRITTEN = 1000

interface ActorHostsOptions {
  /** Where each actor has its file, `KIND/NAME.db`. */
  folder: string
  databases: OpenDatabases
  disk: Pick<DiskSync, 'synced'>
  alarmOf: AlarmClock['alarmOf']
}

interface ActorHosts {
  hostActors: HostActors
  /** Wakes an actor by its name. */
  wake(kind: string, name: string): Promise<void>
}

/** Actors on files, made when they are first asked for or woken. */
export function actorHosts({ folder, databases, disk, alarmOf }: ActorHostsOptions): ActorHosts {
  const kinds = new Map<string, (name: string) => { wake(): Promise<void> }>()

  function hostActors<Actor extends { wake(): Promise<void> }>(
    kind: ActorKind,
    create: (name: string, host: ActorHost) => Actor,
  ) {
    mkdirSync(join(folder, kind), { recursive: true })
    const actors = new Map<string, { actor: Actor; sql: ActorSql }>()
    const unwritten = new Map<string, ActorSql>()

    function get(name: string): Actor {
      const known = actors.get(name)
      if (known !== undefined) return known.actor
      const sql = actorSql(join(folder, kind, `${fileNameOf(name)}.db`), databases)
      const actor = create(name, { sql, alarm: alarmOf(kind, name) })
      actors.set(name, { actor, sql })
      if (!sql.isStored()) noteUnwritten(name, sql)
      return actor
    }

    function noteUnwritten(name: string, sql: ActorSql): void {
      unwritten.set(name, sql)
      const [oldest] = unwritten
      if (unwritten.size <= MAX_UNWRITTEN || oldest === undefined) return
      const [forgotten, itsSql] = oldest
      unwritten.delete(forgotten)
      if (!itsSql.isStored()) actors.delete(forgotten)
    }

    async function remove(name: string, end: (actor: Actor) => void | Promise<void>) {
      // A file is gone at once, and no transaction brings it back: a kill would leave its owner
      // without, who knows nothing of it.
      await disk.synced()
      await end(get(name))
      actors.get(name)?.sql.remove()
      actors.delete(name)
      unwritten.delete(name)
    }

    kinds.set(kind, get)
    return { get, remove }
  }

  return {
    hostActors,
    async wake(kind, name) {
      await kinds.get(kind)?.(name).wake()
    },
  }
}

/** A name may hold what no file may, be too long for one, or differ from another in capitals alone. */
function fileNameOf(name: string): string {
  const readable = name.replace(/[^\w-]+/g, '.').slice(0, 80)
  return `${readable}-${createHash('sha256').update(name).digest('hex').slice(0, 16)}`
}
