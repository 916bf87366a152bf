import { parseSettings } from '../../aws/settings.ts'
import type { Delivery } from '../../delivery/consume-invocations.ts'
import { consumeQueue } from '../../delivery/consume-queue.ts'
import { encodeWakes } from '../../delivery/queued-wakes.ts'
import { sendInvocation } from '../../delivery/send-invocation.ts'
import type { FunctionCapacity } from '../../ports/function-capacity.ts'
import type { FunctionRunner } from '../../ports/function-runner.ts'
import type { FunctionStore } from '../../ports/function-store.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import type { Ports } from '../../ports/ports.ts'
import type { Interpose } from '../in-process/hosted-actors.ts'
import { inProcessPorts, type InProcessPorts } from '../in-process/in-process-ports.ts'
import { memoryActorHosts } from './memory-actor-hosts.ts'
import { memoryCodeStore } from './memory-code-store.ts'
import { memoryEventSourceIndex } from './memory-event-source-index.ts'
import { memoryFunctionStore } from './memory-function-store.ts'
import { memoryIdentityStore } from './memory-identity-store.ts'
import { memoryLogGroupIndex } from './memory-log-group-index.ts'
import { memoryStreamIndex } from './memory-stream-index.ts'

interface Options {
  /** Makes ports go wrong. */
  disturb?: Interpose
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
  appendLog: InProcessPorts['appendLog']
  /** The pumps that were to be woken, ticket by ticket. */
  tickets: string[][]
  /** When the next actor wants to be woken; Infinity when none does. */
  nextAlarmAtMilliseconds(): number
  /** Wakes every actor whose alarm is due by the clock. */
  fireAlarms(): Promise<void>
}

export function memoryPlatform(options: Options): MemoryPlatform {
  const { now, runner, maxShardBytes } = options
  const disturb: Interpose = options.disturb ?? ((_name, port) => port)
  const newId = () => crypto.randomUUID()
  const { hostActors, ...alarms } = memoryActorHosts(now)
  const { ports: inProcess, ...rest } = inProcessPorts({
    settings: parseSettings({
      ROOT_ACCESS_KEY_ID: 'local',
      ROOT_SECRET_ACCESS_KEY: 'local',
      KEY_ENCRYPTION_SECRET: 'local',
      REQUIRE_ROLES: 'false',
      ...options.variables,
    }),
    stores: {
      code: disturb('code', memoryCodeStore(now)),
      functions: disturb('functions', options.functions ?? memoryFunctionStore({ now })),
      identities: options.identities ?? memoryIdentityStore({ now }),
      logIndex: disturb('logIndex', memoryLogGroupIndex()),
      streamIndex: memoryStreamIndex(),
      eventSourceIndex: disturb('eventSourceIndex', memoryEventSourceIndex()),
    },
    hostActors,
    interpose: disturb,
    runner,
    now,
    newId,
    maxShardBytes,
  })

  const tickets: string[][] = []
  const enqueue =
    options.enqueue ?? ((body: unknown) => consumeQueue(ports, [delivered(newId(), body)]))
  const ports: Ports = {
    ...inProcess,
    invocations: {
      send: (event) => sendInvocation(ports, enqueue, event),
    },
    streamWakes: {
      send(pumps) {
        tickets.push(pumps)
        return enqueue(encodeWakes(pumps))
      },
    },
  }
  return { ports, ...rest, tickets, ...alarms }
}

/** A message that goes from the queue to its consumer at once. */
function delivered(id: string, body: unknown): Delivery {
  return { id, body, attempts: 1, ack: () => undefined, retry: () => undefined }
}
