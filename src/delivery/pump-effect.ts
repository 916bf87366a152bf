import type { Grant, Place } from '../ports/function-capacity.ts'
import type { ShardStatus } from '../ports/event-sources.ts'
import type { ShardPosition, StreamRecord } from '../ports/stream-reader.ts'
import type { Batch } from './batch.ts'
import type { ExpiredPart } from './pump-state.ts'

/** What a pump's host has to do; the answer comes back as another input. */
export type PumpEffect =
  | { kind: 'read'; readNumber: number; position: ShardPosition; limit: number }
  /** Ask for a place to run in: `granted` or `refused`. */
  | { kind: 'acquire'; acquireNumber: number }
  | ({ kind: 'run'; tryNumber: number; batch: Batch; records: StreamRecord[] } & Granted)
  | { kind: 'giveBack'; place: Place }
  | { kind: 'report'; status: ShardStatus }
  /** Lay a dead letter down: `buried`. It may be there already. */
  | ({ kind: 'expired' } & ExpiredPart)

/** A place, and the function as it is now. */
export type Granted = Pick<Extract<Grant, { kind: 'granted' }>, 'record' | 'place'>
