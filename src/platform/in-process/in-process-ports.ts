import { signCodeUrl } from '../../aws/code-url.ts'
import type { Settings } from '../../aws/settings.ts'
import { foreignKinesis } from '../../delivery/foreign-kinesis.ts'
import { foreignStreamReader } from '../../delivery/foreign-stream-reader.ts'
import { FunctionActor } from '../../delivery/function-actor.ts'
import { gatewayNotes } from '../../delivery/gateway-notes.ts'
import { LogGroupActor } from '../../delivery/log-group-actor.ts'
import { DirectoryActor } from '../../iam/directory/directory-actor.ts'
import { knownStreams, streamMemory } from '../../kinesis/storage/known-streams.ts'
import { ownStreamReader } from '../../kinesis/storage/own-stream-reader.ts'
import type { CodeStore } from '../../ports/code-store.ts'
import { CODE_URL_SECONDS } from '../../ports/code-urls.ts'
import type { EventSourceIndex } from '../../ports/event-source-index.ts'
import type { FunctionCapacity } from '../../ports/function-capacity.ts'
import type { FunctionRunner } from '../../ports/function-runner.ts'
import type { FunctionStore } from '../../ports/function-store.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import type { LogGroupIndex } from '../../ports/log-group-index.ts'
import type { LogPart } from '../../ports/log-groups.ts'
import type { Ports } from '../../ports/ports.ts'
import type { StreamIndex } from '../../ports/stream-index.ts'
import { storedPackageVerifier } from '../../runtime/stored-package.ts'
import { eventSourcePorts } from './event-source-ports.ts'
import { functionPorts } from './function-ports.ts'
import type { HostActors, Interpose } from './hosted-actors.ts'
import { streamPorts } from './stream-ports.ts'

/** Where a platform keeps what actors publish, and the objects that they refer to. */
export interface Stores {
  code: CodeStore
  functions: FunctionStore
  identities: IdentityStore
  logIndex: LogGroupIndex
  streamIndex: StreamIndex
  eventSourceIndex: EventSourceIndex
}

export interface InProcessHost {
  settings: Settings
  stores: Stores
  hostActors: HostActors
  interpose: Interpose
  runner: FunctionRunner
  now: () => number
  newId: () => string
  /** As the actors have it. */
  runsEndWithActor?: boolean
  /** Bounds for tests; what they are otherwise, the actors say. */
  maxShardBytes?: number | undefined
  maxBacklogBytes?: number | undefined
}

export interface InProcessPorts {
  /** All but what the platform's queue has to do. */
  ports: Omit<Ports, 'invocations' | 'streamWakes'>
  capacity: FunctionCapacity
  /** Stores lines in a log group, all or none, as calls do at their ends. */
  appendLog(logGroupName: string, parts: readonly LogPart[]): void
}

/** The gateway with all of its actors in this process: each port calls its actor by name. */
export function inProcessPorts(host: InProcessHost): InProcessPorts {
  const { settings, stores, hostActors, interpose, runner, now, newId } = host
  const { code, functions, identities, logIndex, streamIndex, eventSourceIndex } = stores

  const directories = hostActors('directory', (_, own) => {
    return new DirectoryActor({ ...own, identities, settings, now })
  })
  const maxBacklog = host.maxBacklogBytes
  const bound = maxBacklog === undefined ? {} : { maxBacklogBytes: maxBacklog }
  const runsEndWithActor = host.runsEndWithActor === true
  const log = gatewayNotes(now, (logGroupName, part) => groupOf(logGroupName).append([part]))
  const functionActors = hostActors('function', (_, own) => {
    return new FunctionActor({
      ...own,
      ...bound,
      runsEndWithActor,
      functions,
      code,
      runner,
      log,
      settings,
      now,
      newId,
    })
  })
  const logGroups = hostActors('log-group', (logGroupName, own) => {
    return new LogGroupActor({ ...own, logGroupName, index: logIndex, now })
  })
  const groupOf = (logGroupName: string) => logGroups.get(logGroupName)

  const { maxShardBytes } = host
  const { streams, shards } = streamPorts({
    hostActors,
    interpose,
    streamIndex,
    now,
    newId,
    maxShardBytes,
  })
  const known = knownStreams(streams, streamMemory())
  const streamReader =
    settings.kinesis === undefined
      ? ownStreamReader(streams, known, shards)
      : foreignStreamReader(foreignKinesis(settings.kinesis, settings.region), now)

  const asked = functionPorts((functionName) => functionActors.get(functionName))
  const registry = interpose('registry', asked.registry)
  const capacity = interpose('capacity', asked.capacity)
  const mapped = eventSourcePorts({
    hostActors,
    interpose,
    functions: registry,
    index: eventSourceIndex,
    reader: streamReader,
    capacity,
    expired: interpose('expired', asked.expired),
    runner,
    runsEndWithActor,
    settings,
    now,
    newId,
  })

  return {
    ports: {
      settings,
      functions,
      knownFunctions: registry,
      registry,
      inboxes: interpose('inboxes', asked.inboxes),
      events: asked.events,
      deadLetters: asked.deadLetters,
      code,
      codeUrls: {
        presign(codeKey, origin) {
          const expires = Math.floor(now() / 1000) + CODE_URL_SECONDS
          const secret = settings.rootSecretAccessKey
          return Promise.resolve(signCodeUrl(secret, origin, codeKey, expires))
        },
      },
      packages: storedPackageVerifier(code),
      logs: {
        read: (logGroupName, query) => Promise.resolve(groupOf(logGroupName).read(query)),
        streams: (logGroupName, query) => Promise.resolve(groupOf(logGroupName).streams(query)),
      },
      logRegistry: {
        create: (logGroupName) => groupOf(logGroupName).create(),
        delete: (logGroupName) => groupOf(logGroupName).delete(),
        setRetention: (logGroupName, days) => groupOf(logGroupName).setRetention(days),
      },
      logIndex,
      ...mapped,
      eventSourceIndex,
      streams,
      knownStreams: known,
      streamIndex,
      shards,
      streamReader,
      directory: {
        ask: (operation, input) => directories.get('directory').ask(operation, input),
      },
      identities,
      now,
      newId,
    },
    capacity,
    appendLog(logGroupName, parts) {
      groupOf(logGroupName).append(parts)
    },
  }
}
