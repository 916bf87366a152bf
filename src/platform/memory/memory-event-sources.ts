import type { EventSourcePair } from '../../aws/event-source-configuration.ts'
import { MappingActor, type MappingActorHost } from '../../delivery/mapping-actor.ts'
import { PumpActor, type PumpActorHost } from '../../delivery/pump-actor.ts'
import type { Ports } from '../../ports/ports.ts'
import type { Pumps } from '../../ports/pumps.ts'
import { memoryActors, type MemoryActors } from './memory-actors.ts'
import type { Disturb } from './memory-ports.ts'
import { memoryEventSourceIndex } from './memory-event-source-index.ts'

interface MemoryEventSources {
  ports: Pick<Ports, 'eventSources' | 'eventSourceIndex' | 'pumps'>
  actors: Pick<MemoryActors<unknown>, 'nextAlarmAtMilliseconds' | 'fireAlarms'>[]
}

/** Mappings and their pumps, each in a database of its own. */
export function memoryEventSources(
  host: Omit<PumpActorHost, 'sql' | 'alarm' | 'reports'> &
    Pick<MappingActorHost, 'functions'> & { disturb: Disturb },
): MemoryEventSources {
  const eventSourceIndex = host.disturb('eventSourceIndex', memoryEventSourceIndex())
  const reports: PumpActorHost['reports'] = host.disturb('reports', {
    report: (pair, UUID, shardId, status) => mappingOf(pair).report(UUID, shardId, status),
  })
  const pumpActors = memoryActors(host.now, (_, own) => new PumpActor({ ...host, ...own, reports }))
  // An async function rejects where its actor throws.
  /* eslint-disable @typescript-eslint/require-await */
  const pumps: Pumps = host.disturb('pumps', {
    start: async (pump, job, position) => pumpActors.get(pump).start(job, position),
    stop: (pump) => pumpActors.get(pump).stop(),
    hurry: async (pump) => pumpActors.get(pump).hurry(),
    wake: async (pump) => pumpActors.get(pump).notify(),
  })
  const mappingActors = memoryActors(host.now, (_, own) => {
    return new MappingActor({ ...host, ...own, index: eventSourceIndex, pumps })
  })
  const mappingOf = ({ EventSource, FunctionName }: EventSourcePair) =>
    mappingActors.get(`${FunctionName}/${EventSource}`)
  return {
    ports: {
      eventSources: {
        add: (draft) => mappingOf(draft).add(draft),
        get: async (pair) => mappingOf(pair).get(),
        remove: (pair, UUID) => mappingOf(pair).remove(UUID),
        noticeFunction: (pair) => mappingOf(pair).noticeFunction(),
      },
      eventSourceIndex,
      pumps,
    },
    actors: [mappingActors, pumpActors],
  }
}
