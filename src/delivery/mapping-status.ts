import { excerpt } from '../aws/excerpt.ts'
import type { ShardStatus } from '../ports/event-sources.ts'

const MAX_MESSAGE_CHARACTERS = 500

/**
 * A mapping's Status: what is wrong with it, or with the first of its shards that has a problem; OK
 * once one was fed, PENDING before.
 */
export function mappingStatus(
  before: string,
  fault: string | undefined,
  shards: readonly { shardId: string; status: ShardStatus }[],
): string {
  if (fault !== undefined) return `PROBLEM:${fault}`
  for (const { shardId, status } of shards) {
    if (status.kind !== 'problem') continue
    const message = status.isOfShard ? `${shardId}: ${status.message}` : status.message
    return `PROBLEM:${excerpt(message, MAX_MESSAGE_CHARACTERS)}`
  }
  return shards.some(({ status }) => status.kind === 'ok') || before !== 'PENDING'
    ? 'OK'
    : 'PENDING'
}
