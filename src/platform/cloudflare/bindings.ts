import type { FunctionObject } from './function-object.ts'
import type { LogGroupObject } from './log-group-object.ts'
import type { ShardObject } from './shard-object.ts'
import type { StreamObject } from './stream-object.ts'

/** What wrangler.toml binds. The variables besides are read by `parseSettings`. */
export interface Bindings {
  /** Published configurations, `function/NAME`, log groups, `log-group/NAME`, streams, `stream/NAME`. */
  FUNCTIONS: KVNamespace
  /** Zips, `code/NAME/UUID.zip`, and events too long for the queue, `payload/NAME/REQUEST_ID`. */
  CODE: R2Bucket
  INVOCATIONS: Queue
  FUNCTION_ACTORS: DurableObjectNamespace<FunctionObject>
  LOG_GROUPS: DurableObjectNamespace<LogGroupObject>
  STREAMS: DurableObjectNamespace<StreamObject>
  SHARDS: DurableObjectNamespace<ShardObject>
  LOADER: WorkerLoader
}
