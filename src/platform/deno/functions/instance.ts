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
  /** How long its last call took; nothing as long as it has had none. */
  tookMilliseconds: number
  /** When its last call ended. */
  idleSinceMilliseconds: number
}

/** A call that takes no longer is short. */
const SHORT_MILLISECONDS = 25

export function newInstance(
  configurationId: string,
  number: number,
  process: FunctionProcess,
): Instance {
  const name = `${configurationId}:${number}`
  const logStreamName = createHash('sha256').update(name).digest('hex').slice(0, 32)
  const times = { takenAtMilliseconds: 0, tookMilliseconds: 0, idleSinceMilliseconds: 0 }
  const known = { logStreamName, credentials: undefined }
  return { configurationId, number, process, ...known, isBusy: false, ...times }
}

/** Whether its call is one that should be over soon: the last one was, and this one still may be. */
export function endsSoon(instance: Instance, nowMilliseconds: number): boolean {
  const { isBusy, takenAtMilliseconds, tookMilliseconds } = instance
  const soFar = nowMilliseconds - takenAtMilliseconds
  return isBusy && Math.max(soFar, tookMilliseconds) <= SHORT_MILLISECONDS
}
