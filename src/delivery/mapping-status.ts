import { excerpt } from '../aws/excerpt.ts'
import type { ShardStatus } from '../ports/event-sources.ts'

const MAX_MESSAGE_CHARACTERS = 500

/** A mapping's Status: the first problem of its shards, OK once one was fed, PENDING before. */
export function mappingStatus(
  before: string,
  shards: readonly { shardId: string; status: ShardStatus }[],
): string {
  for (const { shardId, status } of shards) {
    if (status.kind !== 'problem') continue
    return `PROBLEM:${excerpt(`${shardId}: ${status.message}`, MAX_MESSAGE_CHARACTERS)}`
  }
  return shards.some(({ status }) => status.kind === 'ok') || before !== 'PENDING'
    ? 'OK'
    : 'PENDING'
}
