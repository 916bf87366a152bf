import type { Settings } from '../aws/settings.ts'
import type { CodeStore } from './code-store.ts'
import type { CodeUrls } from './code-urls.ts'
import type { DeadLetters, EventRecords } from './event-records.ts'
import type { EventSourceIndex } from './event-source-index.ts'
import type { EventSources } from './event-sources.ts'
import type { Directory } from './directory.ts'
import type { FunctionInboxes } from './function-inboxes.ts'
import type { FunctionRegistry } from './function-registry.ts'
import type { FunctionStore, KnownFunctions } from './function-store.ts'
import type { IdentityStore } from './identity-store.ts'
import type { InvocationQueue } from './invocation-queue.ts'
import type { LogGroupIndex } from './log-group-index.ts'
import type { LogGroupRegistry } from './log-group-registry.ts'
import type { LogGroups } from './log-groups.ts'
import type { PackageVerifier } from './package-verifier.ts'
import type { Pumps } from './pumps.ts'
import type { Shards } from './shards.ts'
import type { StreamIndex } from './stream-index.ts'
import type { StreamReader } from './stream-reader.ts'
import type { StreamWakes } from './stream-wakes.ts'
import type { KnownStreams, Streams } from './streams.ts'

/** Everything an operation may ask for; each takes a `Pick` of it. */
export interface Ports {
  settings: Settings
  functions: Pick<FunctionStore, 'get' | 'list'>
  knownFunctions: KnownFunctions
  registry: FunctionRegistry
  inboxes: FunctionInboxes
  events: EventRecords
  deadLetters: DeadLetters
  code: CodeStore
  codeUrls: CodeUrls
  packages: PackageVerifier
  invocations: InvocationQueue
  logs: LogGroups
  logRegistry: LogGroupRegistry
  logIndex: Pick<LogGroupIndex, 'list'>
  eventSources: EventSources
  eventSourceIndex: Pick<EventSourceIndex, 'get' | 'list'>
  pumps: Pick<Pumps, 'wake'>
  streams: Streams
  knownStreams: KnownStreams
  streamIndex: Pick<StreamIndex, 'list'>
  shards: Shards
  streamReader: StreamReader
  streamWakes: StreamWakes
  directory: Directory
  identities: Pick<IdentityStore, 'get'>
  /** Milliseconds since 1970. */
  now: () => number
  /** A fresh random UUID. */
  newId: () => string
}
