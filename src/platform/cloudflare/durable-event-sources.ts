import type { EventSourcePair } from '../../aws/event-source-configuration.ts'
import type { EventSources, ShardReports } from '../../ports/event-sources.ts'
import type { Pumps } from '../../ports/pumps.ts'
import type { MappingObject } from './mapping-object.ts'
import type { PumpObject } from './pump-object.ts'

type Mappings = DurableObjectNamespace<MappingObject>

/** Mappings by the name of their object: neither half of the pair has both a slash and a colon. */
function mappingOf(namespace: Mappings, { EventSource, FunctionName }: EventSourcePair) {
  return namespace.getByName(`${FunctionName}/${EventSource}`)
}

export function durableEventSources(namespace: Mappings): EventSources {
  return {
    add: (draft) => mappingOf(namespace, draft).add(draft),
    get: (pair) => mappingOf(namespace, pair).get(),
    remove: (pair, UUID) => mappingOf(namespace, pair).remove(UUID),
    noticeFunction: (pair) => mappingOf(namespace, pair).noticeFunction(),
  }
}

export function durableShardReports(namespace: Mappings): ShardReports {
  return {
    report: (pair, UUID, shardId, status) =>
      mappingOf(namespace, pair).report(UUID, shardId, status),
  }
}

export function durablePumps(namespace: DurableObjectNamespace<PumpObject>): Pumps {
  return {
    start: (pump, job, position) => namespace.getByName(pump).start(job, position),
    stop: (pump) => namespace.getByName(pump).stop(),
    hurry: (pump) => namespace.getByName(pump).hurry(),
    wake: (pump) => namespace.getByName(pump).notify(),
  }
}
