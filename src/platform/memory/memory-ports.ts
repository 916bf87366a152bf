import { signCodeUrl } from '../../aws/code-url.ts'
import { parseSettings } from '../../aws/settings.ts'
import type { Delivery } from '../../delivery/consume-invocations.ts'
import { consumeQueue } from '../../delivery/consume-queue.ts'
import { FunctionActor } from '../../delivery/function-actor.ts'
import { LogGroupActor } from '../../delivery/log-group-actor.ts'
import { encodeWakes } from '../../delivery/queued-wakes.ts'
import { sendInvocation } from '../../delivery/send-invocation.ts'
import { knownStreams } from '../../kinesis/storage/known-streams.ts'
import { ownStreamReader } from '../../kinesis/storage/own-stream-reader.ts'
import { DirectoryActor } from '../../iam/directory/directory-actor.ts'
import { CODE_URL_SECONDS } from '../../ports/code-urls.ts'
import type { FunctionCapacity } from '../../ports/function-capacity.ts'
import { GATEWAY_LOG_STREAM, noteMessage, type FunctionLog } from '../../ports/function-log.ts'
import type { FunctionRunner } from '../../ports/function-runner.ts'
import type { FunctionStore } from '../../ports/function-store.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import type { LogEntry } from '../../ports/log-groups.ts'
import type { Ports } from '../../ports/ports.ts'
import { storedPackageVerifier } from '../../runtime/stored-package.ts'
import { memoryActors } from './memory-actors.ts'
import { memoryCodeStore } from './memory-code-store.ts'
import { memoryEventSources } from './memory-event-sources.ts'
import { memoryFunctionPorts } from './memory-function-ports.ts'
import { memoryFunctionStore } from './memory-function-store.ts'
import { memoryIdentityStore } from './memory-identity-store.ts'
import { memoryLogGroupIndex } from './memory-log-group-index.ts'
import { memoryStreams } from './memory-streams.ts'

/** Puts something between a port and those who use it. */
export type Disturb = <Port extends object>(name: string, port: Port) => Port

interface Options {
  disturb?: Disturb
  /** Where messages of the queue go; to their consumer at once, if nothing else is said. */
  enqueue?: (body: unknown) => Promise<void>
  now: () => number
  runner: FunctionRunner
  variables?: Record<string, string>
  functions?: FunctionStore
  maxShardBytes?: number
  identities?: IdentityStore
}

/** All ports in memory, with what a test needs to hold: the clock, the runner, the alarms. */
export interface MemoryPlatform {
  ports: Ports
  capacity: FunctionCapacity
  /** Writes lines into a log group, as a call's end does. */
  appendLog(logGroupName: string, logStreamName: string, entries: LogEntry[]): void
  /** The pumps that were to be woken, ticket by ticket. */
  tickets: string[][]
  /** When the next actor wants to be woken; Infinity when none does. */
  nextAlarmAtMilliseconds(): number
  /** Wakes every actor whose alarm is due by the clock. */
  fireAlarms(): Promise<void>
}

export function memoryPlatform(options: Options): MemoryPlatform {
  const { now, runner, variables, functions, maxShardBytes } = options
  const disturb: Disturb = options.disturb ?? ((_name, port) => port)
  const settings = parseSettings({
    ROOT_ACCESS_KEY_ID: 'local',
    ROOT_SECRET_ACCESS_KEY: 'local',
    KEY_ENCRYPTION_SECRET: 'local',
    REQUIRE_ROLES: 'false',
    ...variables,
  })
  const code = disturb('code', memoryCodeStore(now))
  const store = disturb('functions', functions ?? memoryFunctionStore({ now }))
  const logIndex = disturb('logIndex', memoryLogGroupIndex())
  const newId = () => crypto.randomUUID()

  const functionActors = memoryActors(now, (_, host) => {
    const log: FunctionLog = {
      note(functionName, requestId, text) {
        const message = noteMessage(now(), requestId, text)
        groupOf(`/aws/lambda/${functionName}`).append(GATEWAY_LOG_STREAM, [
          { timestampMilliseconds: now(), message },
        ])
      },
    }
    return new FunctionActor({ ...host, functions: store, code, runner, log, settings, now, newId })
  })
  const logGroups = memoryActors(now, (logGroupName, host) => {
    return new LogGroupActor({ ...host, logGroupName, index: logIndex, now })
  })
  const identities = options.identities ?? memoryIdentityStore({ now })
  const directories = memoryActors(now, (_, host) => {
    return new DirectoryActor({ ...host, identities, settings, now })
  })
  const actorOf = (functionName: string) => functionActors.get(functionName)
  const groupOf = (logGroupName: string) => logGroups.get(logGroupName)
  const { streams, streamIndex, ...streamActors } = memoryStreams({
    now,
    newId,
    maxShardBytes,
  })
  const shards = disturb('shards', streamActors.shards)
  const known = knownStreams(streams, new Map())
  const functionPorts = memoryFunctionPorts(actorOf)
  const capacity = disturb('capacity', functionPorts.capacity)
  const registry = disturb('registry', functionPorts.registry)
  const tickets: string[][] = []
  const streamReader = ownStreamReader(streams, known, shards)
  const mapped = memoryEventSources({
    disturb,
    functions: registry,
    reader: streamReader,
    capacity,
    expired: disturb('expired', functionPorts.expired),
    runner,
    settings,
    now,
    newId,
  })

  const enqueue =
    options.enqueue ?? ((body: unknown) => consumeQueue(ports, [delivered(newId(), body)]))
  const ports: Ports = {
    settings,
    functions: store,
    registry,
    inboxes: disturb('inboxes', functionPorts.inboxes),
    events: functionPorts.events,
    deadLetters: functionPorts.deadLetters,
    code,
    codeUrls: {
      presign(codeKey, origin) {
        const expires = Math.floor(now() / 1000) + CODE_URL_SECONDS
        return signCodeUrl(settings.rootSecretAccessKey, origin, codeKey, expires)
      },
    },
    packages: storedPackageVerifier(code),
    invocations: {
      send: (event) => sendInvocation(ports, enqueue, event),
    },
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
    ...mapped.ports,
    streams,
    knownStreams: known,
    streamIndex,
    shards,
    streamReader,
    streamWakes: {
      send(pumps) {
        tickets.push(pumps)
        return enqueue(encodeWakes(pumps))
      },
    },
    directory: {
      ask: (operation, input) => directories.get('directory').ask(operation, input),
    },
    identities,
    now,
    newId,
  }

  const everyone = [
    directories,
    functionActors,
    logGroups,
    ...streamActors.actors,
    ...mapped.actors,
  ]
  return {
    ports,
    capacity,
    appendLog(logGroupName, logStreamName, entries) {
      groupOf(logGroupName).append(logStreamName, entries)
    },
    tickets,
    nextAlarmAtMilliseconds: () =>
      Math.min(...everyone.map((actors) => actors.nextAlarmAtMilliseconds())),
    async fireAlarms() {
      for (const actors of everyone) await actors.fireAlarms()
    },
  }
}

/** A message that goes from the queue to its consumer at once. */
function delivered(id: string, body: unknown): Delivery {
  return { id, body, attempts: 1, ack: () => undefined, retry: () => undefined }
}
