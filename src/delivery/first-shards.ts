import type { EventSourceDraft } from '../aws/event-source-configuration.ts'
import type { ShardPosition, StreamReader, StreamShard } from '../ports/stream-reader.ts'
import { inTurns } from './in-turns.ts'
import { streamNameOf } from './mapping-pumps.ts'

/** A shard that there was when its stream was mapped, with the position to begin at. */
export interface FirstShard {
  shard: StreamShard
  position: ShardPosition
}

/** The shards as they are now; `undefined` when there is no such stream. */
export async function firstShards(
  reader: StreamReader,
  draft: EventSourceDraft,
): Promise<FirstShard[] | undefined> {
  const streamName = streamNameOf(draft)
  const shards = await reader.shards(streamName)
  if (shards === undefined) return undefined
  return inTurns(shards, async (shard) => {
    const isLatest = draft.Parameters.InitialPositionInStream === 'LATEST'
    const latest = isLatest ? await reader.latest(streamName, shard.shardId) : undefined
    return { shard, position: latest ?? { kind: 'trimHorizon' } }
  })
}
