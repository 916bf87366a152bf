import { expect, test } from 'vitest'
import { MappedShards } from '../../src/delivery/mapped-shards.ts'
import { memorySql } from '../../src/platform/memory/memory-sql.ts'

test('what a pump says late of a shard that has ended changes nothing', () => {
  const shards = new MappedShards(memorySql())
  shards.add({ shardId: 's', parentShardIds: [] }, { kind: 'trimHorizon' })
  shards.setStatus('s', { kind: 'ended' })
  shards.setStatus('s', { kind: 'problem', message: 'Stream not found', isOfShard: false })
  expect(shards.statuses()).toEqual([{ shardId: 's', status: { kind: 'ended' } }])
  expect(shards.toStart('job', (shardId) => shardId)).toEqual([])
})
