import { parseSettings } from '../../src/aws/settings.ts'
import { knownStreams, streamMemory } from '../../src/kinesis/storage/known-streams.ts'
import type { FunctionRecord } from '../../src/aws/function-configuration.ts'
import type { DeadLetters, EventRecords } from '../../src/ports/event-records.ts'
import type { EventSourceIndex } from '../../src/ports/event-source-index.ts'
import type { FunctionCapacity } from '../../src/ports/function-capacity.ts'
import type { Directory } from '../../src/ports/directory.ts'
import type { FunctionInboxes } from '../../src/ports/function-inboxes.ts'
import type { FunctionRegistry } from '../../src/ports/function-registry.ts'
import type { FunctionRunner } from '../../src/ports/function-runner.ts'
import type { FunctionStore } from '../../src/ports/function-store.ts'
import type { IdentityStore } from '../../src/ports/identity-store.ts'
import type { InvocationQueue } from '../../src/ports/invocation-queue.ts'
import type { PackageVerifier } from '../../src/ports/package-verifier.ts'
import type { LogGroupIndex } from '../../src/ports/log-group-index.ts'
import type { LogGroupRegistry } from '../../src/ports/log-group-registry.ts'
import type { LogGroups } from '../../src/ports/log-groups.ts'
import type { Pumps } from '../../src/ports/pumps.ts'
import type { Shards } from '../../src/ports/shards.ts'
import type { StreamIndex } from '../../src/ports/stream-index.ts'
import type { StreamReader } from '../../src/ports/stream-reader.ts'
import type { StreamWakes } from '../../src/ports/stream-wakes.ts'
import type { Streams } from '../../src/ports/streams.ts'
import type { TestedCodeStore } from '../contracts/code-store.ts'
import type { CallWriter } from '../contracts/log-groups.ts'
import { decodeWire, encodeWire } from './contract-wire.ts'
import { startWorkerd } from './workerd.ts'

/** `contract-worker/odd-buckets.ts`, whose types are those of another platform. */
interface OddBuckets {
  readByStalledPut(chunkBytes: number, takenBytes: number): Promise<number>
  refusedPut(): Promise<{ error: string; isCancelled: boolean }>
}

/** The gateway's ports on real bindings of a real workerd, called from outside, and the gateway. */
export async function workerdPorts(variables: Record<string, string> = {}) {
  const { harness, url } = await startWorkerd('test/support/contract-worker/worker.ts', variables)

  async function call(port: string, method: string, args: unknown[]): Promise<unknown> {
    const body = encodeWire(args)
    const response = await harness.fetch(`/contract/${port}/${method}`, { method: 'POST', body })
    const text = await response.text()
    if (!response.ok) throw new Error(text)
    return (decodeWire(text) as unknown[])[0]
  }

  /** A port whose every method is a call of the worker. */
  function remote(port: string): unknown {
    const get =
      (_target: object, method: string | symbol) =>
      (...args: unknown[]) =>
        call(port, String(method), args)
    return new Proxy({}, { get })
  }

  const streams = remote('streams') as Streams

  return {
    /** Where the gateway itself answers, by `http://HOST:PORT`. */
    origin: url.origin,
    functions: remote('functions') as FunctionStore,
    tombstoned: remote('tombstoned') as FunctionStore,
    code: remote('code') as TestedCodeStore,
    packages: remote('packages') as PackageVerifier,
    registry: remote('registry') as FunctionRegistry,
    inboxes: remote('inboxes') as FunctionInboxes,
    events: remote('events') as EventRecords,
    deadLetters: remote('deadLetters') as DeadLetters,
    invocations: remote('invocations') as InvocationQueue,
    logs: remote('logs') as LogGroups,
    logRegistry: remote('logRegistry') as LogGroupRegistry,
    logIndex: remote('logIndex') as LogGroupIndex,
    streams,
    knownStreams: knownStreams(streams, streamMemory()),
    shards: remote('shards') as Shards,
    streamIndex: remote('streamIndex') as StreamIndex,
    streamReader: remote('streamReader') as StreamReader,
    streamWakes: remote('streamWakes') as StreamWakes,
    settings: parseSettings({}),
    capacity: remote('capacity') as FunctionCapacity,
    eventSourceIndex: remote('eventSourceIndex') as EventSourceIndex,
    pumps: remote('pumps') as Pumps,
    directory: remote('directory') as Directory,
    identities: remote('identities') as IdentityStore,
    runner: remote('runner') as FunctionRunner,
    calls: remote('calls') as CallWriter,
    oddBuckets: remote('oddBuckets') as OddBuckets,
    loader: remote('loader') as { definition(record: FunctionRecord): Promise<unknown> },
    queue: remote('queue') as { send(body: unknown): Promise<void> },
    /** What the worker printed. */
    printed: () => harness.getLogs().map((log) => log.message),
    close: () => harness.close(),
  }
}

export type WorkerdPorts = Awaited<ReturnType<typeof workerdPorts>>
