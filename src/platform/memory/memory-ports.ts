import { signCodeUrl } from '../../aws/code-url.ts'
import { parseSettings } from '../../aws/settings.ts'
import { consumeInvocations } from '../../delivery/consume-invocations.ts'
import { FunctionActor } from '../../delivery/function-actor.ts'
import { LogGroupActor } from '../../delivery/log-group-actor.ts'
import { sendInvocation } from '../../delivery/send-invocation.ts'
import { CODE_URL_SECONDS } from '../../ports/code-urls.ts'
import type { FunctionRunner } from '../../ports/function-runner.ts'
import type { FunctionStore } from '../../ports/function-store.ts'
import type { LogEntry } from '../../ports/log-groups.ts'
import type { Ports } from '../../ports/ports.ts'
import { storedPackageVerifier } from '../../runtime/stored-package.ts'
import { memoryActors } from './memory-actors.ts'
import { memoryCodeStore } from './memory-code-store.ts'
import { memoryFunctionStore } from './memory-function-store.ts'
import { memoryLogGroupIndex } from './memory-log-group-index.ts'

interface Options {
  now: () => number
  runner: FunctionRunner
  variables?: Record<string, string>
  functions?: FunctionStore
}

/** All ports in memory, with what a test needs to hold: the clock, the runner, the alarms. */
export interface MemoryPlatform {
  ports: Ports
  /** Writes lines into a log group, as a call's end does. */
  appendLog(logGroupName: string, logStreamName: string, entries: LogEntry[]): void
  /** When the next actor wants to be woken; Infinity when none does. */
  nextAlarmAtMilliseconds(): number
  /** Wakes every actor whose alarm is due by the clock. */
  fireAlarms(): Promise<void>
}

export function memoryPlatform({ now, runner, variables, functions }: Options): MemoryPlatform {
  const settings = parseSettings({
    ROOT_ACCESS_KEY_ID: 'local',
    ROOT_SECRET_ACCESS_KEY: 'local',
    ...variables,
  })
  const code = memoryCodeStore(now)
  const store = functions ?? memoryFunctionStore({ now })
  const logIndex = memoryLogGroupIndex()
  const newId = () => crypto.randomUUID()

  const functionActors = memoryActors(now, (_, host) => {
    return new FunctionActor({ ...host, functions: store, code, runner, settings, now, newId })
  })
  const logGroups = memoryActors(now, (logGroupName, host) => {
    return new LogGroupActor({ ...host, logGroupName, index: logIndex, now })
  })
  const actorOf = (functionName: string) => functionActors.get(functionName)
  const groupOf = (logGroupName: string) => logGroups.get(logGroupName)

  const ports: Ports = {
    settings,
    functions: store,
    registry: {
      expectObjects(functionName) {
        actorOf(functionName).expectObjects(functionName)
        return Promise.resolve()
      },
      upload: (draft, codeKey) => actorOf(draft.FunctionName).upload(draft, codeKey),
      updateConfiguration: (functionName, changes) =>
        actorOf(functionName).updateConfiguration(changes),
      get: (functionName) => Promise.resolve(actorOf(functionName).get()),
      delete: (functionName) => actorOf(functionName).delete(),
    },
    inboxes: {
      accept(functionName, events) {
        actorOf(functionName).accept(events)
        return Promise.resolve()
      },
      deadLetters: (functionName, limit, cursor) =>
        Promise.resolve(actorOf(functionName).deadLetters(limit, cursor)),
    },
    code,
    codeUrls: {
      presign(codeKey, origin) {
        const expires = Math.floor(now() / 1000) + CODE_URL_SECONDS
        return signCodeUrl(settings.rootSecretAccessKey, origin, codeKey, expires)
      },
    },
    packages: storedPackageVerifier(code),
    invocations: {
      send: (event) =>
        sendInvocation(
          ports,
          (body) =>
            consumeInvocations(ports, [
              { id: newId(), body, attempts: 1, ack: () => undefined, retry: () => undefined },
            ]),
          event,
        ),
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
    now,
    newId,
  }

  return {
    ports,
    appendLog(logGroupName, logStreamName, entries) {
      groupOf(logGroupName).append(logStreamName, entries)
    },
    nextAlarmAtMilliseconds: () =>
      Math.min(functionActors.nextAlarmAtMilliseconds(), logGroups.nextAlarmAtMilliseconds()),
    async fireAlarms() {
      await functionActors.fireAlarms()
      await logGroups.fireAlarms()
    },
  }
}
