import { MappingActor } from '../../src/delivery/mapping-actor.ts'
import { memoryEventSourceIndex } from '../../src/platform/memory/memory-event-source-index.ts'
import { memorySql } from '../../src/platform/memory/memory-sql.ts'
import type { ShardPosition, StreamShard } from '../../src/ports/stream-reader.ts'
import { recordOf } from '../contracts/function-store.ts'
import { fakeClock } from '../support/clock.ts'
import { ROLE } from '../support/memory-gateway.ts'
import { settled } from '../support/scripted-runner.ts'
import { streamArn } from '../wire/event-sources.ts'

const DRAFT = {
  EventSource: streamArn('clicks'),
  FunctionName: 'fed',
  Role: ROLE,
  BatchSize: 100,
  Parameters: { InitialPositionInStream: 'LATEST' as const },
}
const AFTER_ALL: ShardPosition = { kind: 'after', sequenceNumber: '1' }
export const SECOND = 1000
export const MINUTE = 60 * SECOND

export const shard = (shardId: string, ...parentShardIds: string[]) => ({ shardId, parentShardIds })

/**
 * The actor of one mapping, of a stream that has the shards which the test says, with pumps that only
 * note what they are told.
 */
export function mappingOf(first: StreamShard[] | undefined) {
  const clock = fakeClock()
  const sql = memorySql()
  const index = memoryEventSourceIndex()
  const told: string[] = []
  const positions: ShardPosition[] = []
  /** What cannot be told anything. */
  const away = new Set<string>()
  let alarmAt = Infinity
  let ids = 0
  let shards = first

  function tell(pump: string, what: string): Promise<void> {
    if (away.has(pump)) return Promise.reject(new Error(`${pump} is away`))
    told.push(`${what} ${pump}`)
    return Promise.resolve()
  }

  function started(): MappingActor {
    return new MappingActor({
      sql,
      index,
      alarm: {
        set: (at) => void (alarmAt = at),
        clear: () => void (alarmAt = Infinity),
      },
      functions: { get: () => Promise.resolve(recordOf('fed')) },
      settings: { region: 'us-east-1', accountId: '000000000000' },
      reader: {
        shards: () => Promise.resolve(shards),
        latest: () => Promise.resolve(AFTER_ALL),
        read: () => Promise.resolve({ kind: 'gone' }),
        subscribe: () => Promise.resolve(undefined),
      },
      pumps: {
        start(pump, _job, position) {
          positions.push(position)
          return tell(pump, 'start')
        },
        stop: (pump) => tell(pump, 'stop'),
        hurry: () => Promise.resolve(),
        wake: () => Promise.resolve(),
      },
      now: clock.now,
      newId: () => `u${++ids}`,
    })
  }

  let actor = started()

  /** Alarms go off when they are due. */
  async function pass(milliseconds: number): Promise<void> {
    const end = clock.now() + milliseconds
    while (alarmAt <= end) {
      clock.advance(Math.max(0, alarmAt - clock.now()))
      alarmAt = Infinity
      await actor.wake()
    }
    clock.advance(end - clock.now())
  }

  return {
    index,
    away,
    positions,
    async add() {
      const added = await actor.add(DRAFT)
      await settled()
      return added
    },
    actor: () => actor,
    alarmAt: () => alarmAt,
    tables: () => sql.all('SELECT name FROM sqlite_master'),
    /** What the pumps were told since this was asked last. */
    told: () => told.splice(0),
    restart() {
      actor = started()
    },
    pass,
    /** The stream has these from now on, and the mapping has had a look. */
    async list(...now: StreamShard[]) {
      shards = now
      await pass(6 * MINUTE)
    },
  }
}

/** The same, mapped already. */
export async function mapped(...first: StreamShard[]) {
  const mapping = mappingOf(first)
  await mapping.add()
  mapping.told()
  return mapping
}
