import type { EventSourcePair } from '../../aws/event-source-configuration.ts'
import { MappingActor, type MappingActorHost } from '../../delivery/mapping-actor.ts'
import { PumpActor, type PumpActorHost } from '../../delivery/pump-actor.ts'
import type { Ports } from '../../ports/ports.ts'
import type { Pumps } from '../../ports/pumps.ts'
import type { HostActors, Interpose } from './hosted-actors.ts'

type EventSourceHost = Omit<PumpActorHost, 'sql' | 'alarm' | 'reports'> &
  Pick<MappingActorHost, 'functions' | 'index'> & { hostActors: HostActors; interpose: Interpose }

/** What is asked of the actors of mappings and of their pumps. */
export function eventSourcePorts(host: EventSourceHost): Pick<Ports, 'eventSources' | 'pumps'> {
  const { hostActors, interpose } = host
  const reports: PumpActorHost['reports'] = interpose('reports', {
    report: (pair, UUID, shardId, status) => mappingOf(pair).report(UUID, shardId, status),
  })
  const pumpActors = hostActors('pump', (_, own) => new PumpActor({ ...host, ...own, reports }))
  // An async function rejects where its actor throws.
  /* eslint-disable @typescript-eslint/require-await */
  const pumps: Pumps = interpose('pumps', {
    start: async (pump, job, position) => pumpActors.get(pump).start(job, position),
    stop: (pump) => pumpActors.remove(pump, (actor) => actor.stop()),
    hurry: async (pump) => pumpActors.get(pump).hurry(),
    wake: async (pump) => pumpActors.get(pump).notify(),
  })
  const mappingActors = hostActors('mapping', (_, own) => {
    return new MappingActor({ ...host, ...own, pumps })
  })
  const mappingOf = ({ EventSource, FunctionName }: EventSourcePair) =>
    mappingActors.get(`${FunctionName}/${EventSource}`)
  return {
    eventSources: {
      add: (draft) => mappingOf(draft).add(draft),
      get: async (pair) => mappingOf(pair).get(),
      remove: (pair, UUID) => mappingOf(pair).remove(UUID),
      noticeFunction: (pair) => mappingOf(pair).noticeFunction(),
    },
    pumps,
  }
}
