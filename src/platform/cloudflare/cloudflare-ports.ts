import { waitUntil } from 'cloudflare:workers'
import { foreignKinesis } from '../../delivery/foreign-kinesis.ts'
import { foreignStreamReader } from '../../delivery/foreign-stream-reader.ts'
import { sendInvocation } from '../../delivery/send-invocation.ts'
import { knownStreams, streamMemory } from '../../kinesis/storage/known-streams.ts'
import { ownStreamReader } from '../../kinesis/storage/own-stream-reader.ts'
import type { FunctionRegistry } from '../../ports/function-registry.ts'
import type { Ports } from '../../ports/ports.ts'
import type { Streams } from '../../ports/streams.ts'
import { storedPackageVerifier } from '../../runtime/stored-package.ts'
import type { Bindings } from './bindings.ts'
import { codeUrls } from './code-urls.ts'
import { durableEventSources, durablePumps } from './durable-event-sources.ts'
import { durableShards } from './durable-shards.ts'
import { functionMemory, knownFunctions } from './known-functions.ts'
import { kvEventSourceIndex } from './kv-event-source-index.ts'
import { kvFunctionStore } from './kv-function-store.ts'
import { kvIdentityStore } from './kv-identity-store.ts'
import { kvLogGroupIndex } from './kv-log-group-index.ts'
import { kvStreamIndex } from './kv-stream-index.ts'
import { r2CodeStore } from './r2-code-store.ts'
import { settingsOf } from './settings-of.ts'
import { directWakes } from './stream-wakes.ts'

/** What this isolate knows, from request to request. */
const rememberedStreams = streamMemory()
const rememberedFunctions = functionMemory()

const made = new WeakMap<Bindings, Ports>()

/** Every port on Cloudflare's bindings, made once for each `env`: an isolate has few. */
export function cloudflarePorts(env: Bindings): Ports {
  const known = made.get(env)
  if (known !== undefined) return known
  const ports = portsOn(env)
  made.set(env, ports)
  return ports
}

/** Nothing in them belongs to a request: what one has begun no other may wait for. */
function portsOn(env: Bindings): Ports {
  const settings = settingsOf(env)
  const code = r2CodeStore(env.CODE)
  const actorOf = (functionName: string) => env.FUNCTION_ACTORS.getByName(functionName)
  const groupOf = (logGroupName: string) => env.LOG_GROUPS.getByName(logGroupName)
  const now = () => Date.now()
  const registry: FunctionRegistry = {
    expectObjects: (functionName) => actorOf(functionName).expectObjects(functionName),
    upload: (draft, codeKey) => actorOf(draft.FunctionName).upload(draft, codeKey),
    updateConfiguration: (functionName, changes) =>
      actorOf(functionName).updateConfiguration(changes),
    get: (functionName) => actorOf(functionName).get(),
    async delete(functionName) {
      try {
        return await actorOf(functionName).delete()
      } finally {
        rememberedFunctions.delete(functionName)
      }
    },
  }
  const functions = kvFunctionStore(env.FUNCTIONS)
  const streams: Streams = {
    create: (streamName, shardCount) => env.STREAMS.getByName(streamName).create(shardCount),
    find: (streamName) => env.STREAMS.getByName(streamName).find(),
    delete: (streamName) => env.STREAMS.getByName(streamName).delete(),
  }
  const shards = durableShards(env.SHARDS)
  const pumps = durablePumps(env.PUMPS)
  const streamsByName = knownStreams(streams, rememberedStreams)
  return {
    settings,
    functions,
    knownFunctions: knownFunctions(functions, rememberedFunctions, now),
    registry,
    inboxes: {
      accept: (functionName, events) => actorOf(functionName).accept(events),
    },
    events: {
      get: (functionName, requestId) => actorOf(functionName).event(requestId),
      list: (functionName, state, limit, cursor) =>
        actorOf(functionName).events(state, limit, cursor),
      count: (functionName) => actorOf(functionName).countEvents(),
    },
    deadLetters: {
      list: (functionName, limit, cursor) => actorOf(functionName).deadLetters(limit, cursor),
      get: (functionName, requestId) => actorOf(functionName).deadLetter(requestId),
      redrive: (functionName, choice) => actorOf(functionName).redrive(choice),
      purge: (functionName, choice) => actorOf(functionName).purge(choice),
    },
    code,
    codeUrls: codeUrls(settings, now),
    packages: storedPackageVerifier(code),
    invocations: {
      async send(event) {
        await sendInvocation(
          { code, registry },
          async (message) => {
            await env.INVOCATIONS.send(message, { contentType: 'bytes' })
          },
          event,
        )
      },
    },
    logs: {
      read: (logGroupName, query) => groupOf(logGroupName).read(query),
      streams: (logGroupName, query) => groupOf(logGroupName).streams(query),
    },
    logRegistry: {
      create: (logGroupName) => groupOf(logGroupName).create(),
      delete: (logGroupName) => groupOf(logGroupName).delete(),
      setRetention: (logGroupName, days) => groupOf(logGroupName).setRetention(days),
    },
    logIndex: kvLogGroupIndex(env.FUNCTIONS),
    eventSources: durableEventSources(env.MAPPINGS),
    eventSourceIndex: kvEventSourceIndex(env.FUNCTIONS),
    pumps,
    streams,
    knownStreams: streamsByName,
    streamIndex: kvStreamIndex(env.FUNCTIONS),
    shards,
    streamReader:
      settings.kinesis === undefined
        ? ownStreamReader(streams, streamsByName, shards)
        : foreignStreamReader(foreignKinesis(settings.kinesis, settings.region), now),
    streamWakes: directWakes({
      pumps,
      queue: (ticket) => env.INVOCATIONS.send(ticket, { contentType: 'json' }),
      waitUntil,
    }),
    directory: {
      ask: (operation, input) => env.DIRECTORY.getByName('directory').ask(operation, input),
    },
    identities: kvIdentityStore(env.FUNCTIONS),
    now,
    newId: () => crypto.randomUUID(),
  }
}
