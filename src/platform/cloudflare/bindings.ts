import type { DirectoryObject } from './directory-object.ts'
import type { FunctionObject } from './function-object.ts'
import type { LogGroupObject } from './log-group-object.ts'
import type { MappingObject } from './mapping-object.ts'
import type { PumpObject } from './pump-object.ts'
import type { ShardObject } from './shard-object.ts'
import type { StreamObject } from './stream-object.ts'

/** What wrangler.toml binds. The variables besides are read by `settingsOf`. */
export interface Bindings {
  /**
   * What is published of functions, log groups, streams, event
   * sources, access keys and roles, each under its own prefix.
   */
  FUNCTIONS: KVNamespace
  /** Zips, `code/NAME/UUID.zip`, and events too long for the queue, `payload/NAME/REQUEST_ID`. */
  CODE: R2Bucket
  INVOCATIONS: Queue
  FUNCTION_ACTORS: DurableObjectNamespace<FunctionObject>
  LOG_GROUPS: DurableObjectNamespace<LogGroupObject>
  MAPPINGS: DurableObjectNamespace<MappingObject>
  PUMPS: DurableObjectNamespace<PumpObject>
  STREAMS: DurableObjectNamespace<StreamObject>
  SHARDS: DurableObjectNamespace<ShardObject>
  DIRECTORY: DurableObjectNamespace<DirectoryObject>
  LOADER: WorkerLoader
}
