import { createHash } from 'node:crypto'
import type { CredentialVariables } from '../../../runtime/role-credentials.ts'
import type { FunctionProcess } from './function-process.ts'

/** A copy of a function: a process that has its package, and takes one event at a time. */
export interface Instance {
  /** Of the function as it is now: all of its instances are alike. */
  configurationId: string
  /** The first that no other instance of it has. */
  number: number
  process: FunctionProcess
  /** Its own, as Lambda's were. */
  logStreamName: string
  /** Those that its process has, or none before its first call. */
  credentials: CredentialVariables | undefined
  isBusy: boolean
  /** When its last call began. */
  takenAtMilliseconds: number
  /** How long its last call took, by its process's own account; unknown before the first. */
  tookMilliseconds: number | undefined
  /** When its last call ended. */
  idleSinceMilliseconds: number
}

/** A call that takes no longer is short. */
const SHORT_MILLISECONDS = 25
/**
 * One of an instance whose calls are short is late, after this. Seen from the gateway all that run
 * are sometimes 30 to 50 ms old, where it or they had no core: to start more then has them wait longer.
 */
const LATE_MILLISECONDS = 100

export function newInstance(
  configurationId: string,
  number: number,
  process: FunctionProcess,
): Instance {
  const name = `${configurationId}:${number}`
  const logStreamName = createHash('sha256').update(name).digest('hex').slice(0, 32)
  const times = { takenAtMilliseconds: 0, tookMilliseconds: undefined, idleSinceMilliseconds: 0 }
  const known = { logStreamName, credentials: undefined }
  return { configurationId, number, process, ...known, isBusy: false, ...times }
}

/** Whether its call should be over soon: the last one was short, and this one still may be. */
export function endsSoon(instance: Instance, nowMilliseconds: number): boolean {
  const { isBusy, takenAtMilliseconds, tookMilliseconds } = instance
  const soFar = nowMilliseconds - takenAtMilliseconds
  if (tookMilliseconds === undefined) return isBusy && soFar <= SHORT_MILLISECONDS
  return isBusy && tookMilliseconds <= SHORT_MILLISECONDS && soFar <= LATE_MILLISECONDS
}
