import type { Alarm } from '../../ports/alarm.ts'
import type { Sql } from '../../ports/sql.ts'

/** What each actor has to itself. */
export interface ActorHost {
  sql: Sql
  alarm: Alarm
}

export type ActorKind =
  'function' | 'log-group' | 'stream' | 'shard' | 'mapping' | 'pump' | 'directory'

/** The actors of one kind, by their names. */
export interface HostedActors<Actor> {
  /** Made when it is first asked for, on what it stored before. */
  get(name: string): Actor
  /**
   * Ends the actor by `end` and forgets it with all that it stored, when what was written before is
   * safe: what tells that it goes is among that. To ask for it again makes it anew.
   */
  remove(name: string, end: (actor: Actor) => void | Promise<void>): Promise<void>
}

/** Gives every actor of a kind a database and an alarm of its own. To be called once for each kind. */
export type HostActors = <Actor extends { wake(): Promise<void> }>(
  kind: ActorKind,
  create: (name: string, host: ActorHost) => Actor,
) => HostedActors<Actor>

/** Puts something between a port and those who use it, by the port's name. */
export type Interpose = <Port extends object>(name: string, port: Port) => Port
