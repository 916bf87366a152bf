import type { FunctionRecord } from '../aws/function-configuration.ts'

export interface FunctionPage {
  records: FunctionRecord[]
  /** Opaque; absent on the last page. Stays good when functions come and go between pages. */
  cursor?: string
}

/**
 * Where configurations are read and listed. A copy: elsewhere it may be 60 s old, misses included,
 * and one key takes one write a second. So no write ever starts from a read here, and only the
 * Function actor, which has the authoritative record, calls `put` and `delete`.
 */
export interface FunctionStore {
  get(functionName: string): Promise<FunctionRecord | undefined>
  /** At most `limit` records in the order of their names, after `cursor`. */
  list(limit: number, cursor?: string): Promise<FunctionPage>
  /** May reject when the key was written less than a second ago: try again later. */
  put(record: FunctionRecord): Promise<void>
  delete(functionName: string): Promise<void>
}

/** As `FunctionStore`, for those who ask for each event: a copy may be a second older still. */
export type KnownFunctions = Pick<FunctionStore, 'get'>
