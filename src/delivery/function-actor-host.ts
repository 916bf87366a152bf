import type { Settings } from '../aws/settings.ts'
import type { Alarm } from '../ports/alarm.ts'
import type { CodeStore } from '../ports/code-store.ts'
import type { FunctionLog } from '../ports/function-log.ts'
import type { FunctionRunner } from '../ports/function-runner.ts'
import type { FunctionStore } from '../ports/function-store.ts'
import type { Sql } from '../ports/sql.ts'

/** What a platform gives the actor of one function to live on. */
export interface FunctionActorHost {
  sql: Sql
  alarm: Alarm
  functions: Pick<FunctionStore, 'put' | 'delete'>
  code: Pick<CodeStore, 'delete' | 'list'>
  runner: FunctionRunner
  log: FunctionLog
  settings: Settings
  now: () => number
  newId: () => string
  /** Whatever ran for an earlier actor of this function ended with that actor's process. */
  runsEndWithActor?: boolean
  /** See `EventRunsHost`. */
  pauseBeforeWrite?: () => Promise<void>
  /** A bound for tests; what it is otherwise, `Backlog` says. */
  maxBacklogBytes?: number
}
