import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../../aws/settings.ts'
import { consumeQueue } from '../../delivery/consume-queue.ts'
import { encodeQueuedEvent } from '../../delivery/queued-event.ts'
import type { FunctionCapacity } from '../../ports/function-capacity.ts'
import type { Ports } from '../../ports/ports.ts'
import type { Sql } from '../../ports/sql.ts'
import type { Interpose } from '../in-process/hosted-actors.ts'
import { inProcessPorts } from '../in-process/in-process-ports.ts'
import { actorHosts } from './actor-hosts.ts'
import { AlarmClock } from './alarm-clock.ts'
import { openDatabase } from './database.ts'
import { DiskSync } from './disk-sync.ts'
import { drainedRunner } from './drained-runner.ts'
import { DurableQueue } from './durable-queue.ts'
import { fileCodeStore } from './file-code-store.ts'
import type { CallLogStore } from './functions/call-logs.ts'
import { GatheredLogs } from './gathered-logs.ts'
import { openGatewayDatabase } from './gateway-database.ts'
import { openDatabases } from './open-databases.ts'
import type { ProcessRunner, ProcessRunnerOptions } from './process-runner.ts'
import { sqliteEventSourceIndex } from './sqlite-event-source-index.ts'
import { sqliteFunctionStore } from './sqlite-function-store.ts'
import { sqliteIdentityStore } from './sqlite-identity-store.ts'
import { sqliteLogGroupIndex } from './sqlite-log-group-index.ts'
import { sqliteStreamIndex } from './sqlite-stream-index.ts'
import { withinTime } from './time-limit.ts'

/** What the runner of functions is given to live on. */
type RunnerHost = Pick<ProcessRunnerOptions, 'code' | 'identities' | 'logs'>

interface Options {
  /** Everything that has to outlive the process. */
  folder: string
  settings: Settings
  now: () => number
  newRunner: (host: RunnerHost) => Promise<ProcessRunner>
  /** Bounds for tests. */
  maxBacklogBytes?: number
  maxOpenDatabases?: number
}

export interface DenoPlatform {
  ports: Ports
  capacity: FunctionCapacity
  logs: CallLogStore
  /** Resolves when all that was written so far is on the disk: no answer may leave before. */
  synced(): Promise<void>
  /** From now on alarms go off and the queue is read. */
  start(): void
  /** Lets functions run on for so long, then ends everything; nothing of it is lost. */
  close(drainMilliseconds: number): Promise<void>
}

const LAST_WORDS_MILLISECONDS = 1000
/** A Timeout of a minute, and what a lease leaves besides. */
const LONGEST_LEASE_MILLISECONDS = 90_000

/**
 * Calls of actors upon whose answer another actor writes into its own database. A pump's position
 * is among that: behind records that a power failure took, it would pass over those put after it.
 */
const SYNCED_BEFORE_ANSWER = ['shards', 'shardLives', 'pumps', 'reports', 'expired']

/** Every port on files of one folder, with the actors in this process. */
export async function denoPlatform(options: Options): Promise<DenoPlatform> {
  const { folder, settings, now } = options
  // Events and zips lie in it as they came.
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const disk = new DiskSync()
  const sql = openGatewayDatabase(folder, disk)
  hurryRuns(sql, now())
  const databases = openDatabases((path) => openDatabase(path, disk), options.maxOpenDatabases)
  const clock = new AlarmClock({ sql, disk, now, wake: (kind, name) => hosts.wake(kind, name) })
  const hosts = actorHosts({
    folder: join(folder, 'actors'),
    databases,
    disk,
    alarmOf: (kind, name) => clock.alarmOf(kind, name),
  })
  const code = await fileCodeStore(folder, join(folder, 'drafts'))
  const identities = sqliteIdentityStore(sql, disk)
  const logs = new GatheredLogs((group, parts) => {
    // No answer tells of a call's lines.
    disk.unhurried(() => inProcess.appendLog(group, parts))
  })
  const ownRunner = await options.newRunner({ code, identities, logs })
  const runner = drainedRunner(ownRunner)
  const interpose: Interpose = (name, port) =>
    SYNCED_BEFORE_ANSWER.includes(name) ? syncedBefore(port, disk) : port
  const inProcess = inProcessPorts({
    settings,
    stores: {
      code,
      functions: sqliteFunctionStore(sql, disk),
      identities,
      logIndex: sqliteLogGroupIndex(sql, disk),
      streamIndex: sqliteStreamIndex(sql, disk),
      eventSourceIndex: sqliteEventSourceIndex(sql, disk),
    },
    hostActors: hosts.hostActors,
    interpose,
    runner,
    now,
    newId: () => crypto.randomUUID(),
    runsEndWithActor: true,
    maxBacklogBytes: options.maxBacklogBytes,
  })
  const queue = new DurableQueue({
    sql,
    now,
    // Messages are deleted from another database than the one that inboxes take them into.
    consume: (deliveries) =>
      consumeQueue({ ...ports, inboxes: syncedBefore(ports.inboxes, disk) }, deliveries),
  })
  const ports: Ports = {
    ...inProcess.ports,
    invocations: {
      // There is no hop: only what its function has no room for goes through the queue.
      async send(event) {
        const answer = await inProcess.ports.inboxes.accept(event.functionName, [event])
        if (answer === 'full') queue.send(encodeQueuedEvent(event))
      },
    },
    streamWakes: {
      async send(pumps) {
        await Promise.all(pumps.map((pump) => inProcess.ports.pumps.wake(pump)))
      },
    },
  }

  return {
    ports,
    capacity: inProcess.capacity,
    logs,
    synced: () => disk.synced(),
    start() {
      clock.start()
      queue.start()
    },
    async close(drainMilliseconds) {
      const begun = Promise.all([clock.stop(), queue.stop(), runner.drain()])
      await withinTime(drainMilliseconds, begun)
      logs.hurry()
      await ownRunner.close()
      // What it was told of the functions that were ended just now, each actor still has to store.
      await withinTime(LAST_WORDS_MILLISECONDS, Promise.all([runner.drain(), logs.written()]))
      await new Promise((resolve) => setImmediate(resolve))
      await clock.stop()
      // A copy that is being published takes two, and then its actor notes it.
      for (let syncs = 0; syncs < 3; syncs++) {
        await disk.synced()
        await new Promise((resolve) => setImmediate(resolve))
      }
      databases.closeAll()
      sql.close()
    },
  }
}

/** Functions with events, and pumps with batches, that ran when the last process ended see to them now. */
function hurryRuns(sql: Sql, now: number): void {
  sql.all(
    `UPDATE alarms SET at = ? WHERE kind IN ('function', 'pump') AND at BETWEEN ? AND ?`,
    now,
    now,
    now + LONGEST_LEASE_MILLISECONDS,
  )
}

/** What a call wrote is on the disk before its caller goes on. */
function syncedBefore<Port extends object>(port: Port, disk: DiskSync): Port {
  return new Proxy(port, {
    get(target, method) {
      const value: unknown = Reflect.get(target, method)
      if (typeof value !== 'function') return value
      return async (...args: unknown[]) => {
        const answer: unknown = await Reflect.apply(value, target, args)
        await disk.synced()
        return answer
      }
    },
  })
}
