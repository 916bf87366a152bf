import type { FunctionRecord } from '../aws/function-configuration.ts'

/** A place of a function to run in, until it is given back or `untilMilliseconds` has come. */
export interface Place {
  slot: number
  untilMilliseconds: number
}

export type Grant =
  /** With the function as it is now. */
  | { kind: 'granted'; record: FunctionRecord; place: Place }
  | { kind: 'noSuchFunction' }
  /** The same holder asked once more. Its turn did not change. */
  | { kind: 'superseded' }

/** A function's concurrency, shared between its events and the streams that feed it. */
export interface FunctionCapacity {
  /** Waits for a place. Those who asked first have it first; events and streams take turns. */
  acquire(functionName: string, holder: string): Promise<Grant>
  /** Gives a place back; that of an instance which is busy with something else rests for a while. */
  release(functionName: string, place: Place, isBusy: boolean): Promise<void>
}
