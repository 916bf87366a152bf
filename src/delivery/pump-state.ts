import type { ShardPosition } from '../ports/stream-reader.ts'
import type { Batch } from './batch.ts'
import type { ShardStatus } from '../ports/event-sources.ts'

/** What must survive a crash. Saved after every step, before its effects are carried out. */
export interface PumpState {
  /** Everything up to here was delivered. */
  position: ShardPosition
  /** The batch that is being tried; it stays the same until it succeeds or its records expire. */
  batch: Batch | undefined
  /** Number of the newest try: the answer to an older one changes nothing. */
  tryNumber: number
  /** A try is in flight, and is over by then at the latest. */
  runningUntilMilliseconds: number | undefined
  status: ShardStatus
  /** Whether the mapping knows the status. */
  isReported: boolean
  /** What has no dead letter yet. Pumps of older versions kept none. */
  expired?: readonly ExpiredPart[]
  /** Nothing begins any more, and the shard is still to be told. */
  isStopped?: true
}

/** The first `count` records of a batch, which expired before the function could deal with them. */
export interface ExpiredPart {
  /** Of the dead letter: the batch's own where nothing is left to be tried. */
  requestId: string
  batch: Batch
  count: number
}

export function initialState(position: ShardPosition): PumpState {
  return {
    position,
    batch: undefined,
    tryNumber: 0,
    runningUntilMilliseconds: undefined,
    status: { kind: 'pending' },
    isReported: true,
  }
}

export function isSameStatus(one: ShardStatus, other: ShardStatus): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
