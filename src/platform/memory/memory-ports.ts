import { signCodeUrl } from '../../aws/code-url.ts'
import { parseSettings } from '../../aws/settings.ts'
import { consumeInvocations } from '../../delivery/consume-invocations.ts'
import { FunctionActor } from '../../delivery/function-actor.ts'
import { LogLines } from '../../delivery/log-lines.ts'
import { sendInvocation } from '../../delivery/send-invocation.ts'
import { CODE_URL_SECONDS } from '../../ports/code-urls.ts'
import type { FunctionRunner } from '../../ports/function-runner.ts'
import type { FunctionStore } from '../../ports/function-store.ts'
import type { LogEntry } from '../../ports/log-groups.ts'
import type { Ports } from '../../ports/ports.ts'
import { storedPackageVerifier } from '../../runtime/stored-package.ts'
import { memoryCodeStore } from './memory-code-store.ts'
import { memoryFunctionStore } from './memory-function-store.ts'
import { memorySql } from './memory-sql.ts'

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

interface Actor {
  actor: FunctionActor
  alarmAtMilliseconds: number
}

export function memoryPlatform({ now, runner, variables, functions }: Options): MemoryPlatform {
  const settings = parseSettings({
    ROOT_ACCESS_KEY_ID: 'local',
    ROOT_SECRET_ACCESS_KEY: 'local',
    ...variables,
  })
  const code = memoryCodeStore(now)
  const store = functions ?? memoryFunctionStore({ now })
  const actors = new Map<string, Actor>()
  const groups = new Map<string, LogLines>()
  const newId = () => crypto.randomUUID()

  function entryOf(functionName: string): Actor {
    const known = actors.get(functionName)
    if (known !== undefined) return known
    const alarm = {
      set(atMilliseconds: number) {
        entry.alarmAtMilliseconds = atMilliseconds
      },
      clear() {
        entry.alarmAtMilliseconds = Infinity
      },
    }
    const host = { sql: memorySql(), alarm, functions: store, code, runner, settings, now, newId }
    const entry: Actor = { actor: new FunctionActor(host), alarmAtMilliseconds: Infinity }
    actors.set(functionName, entry)
    return entry
  }
  const actorOf = (functionName: string) => entryOf(functionName).actor

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
      deadLetters: (functionName, limit) =>
        Promise.resolve(actorOf(functionName).deadLetters(limit)),
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
      read: (logGroupName, query) => Promise.resolve(groups.get(logGroupName)?.read(query)),
    },
    now,
    newId,
  }

  return {
    ports,
    appendLog(logGroupName, logStreamName, entries) {
      const lines = groups.get(logGroupName) ?? new LogLines(memorySql())
      groups.set(logGroupName, lines)
      lines.append(logStreamName, entries, now())
    },
    nextAlarmAtMilliseconds: () =>
      Math.min(...Array.from(actors.values(), (entry) => entry.alarmAtMilliseconds)),
    async fireAlarms() {
      for (const entry of actors.values()) {
        if (entry.alarmAtMilliseconds > now()) continue
        entry.alarmAtMilliseconds = Infinity
        await entry.actor.wake()
      }
    },
  }
}
