import { newRequestId } from '../aws/request-id.ts'
import { consumeQueue } from '../delivery/consume-queue.ts'
import { createApp } from '../gateway/app.ts'
import type { Bindings } from '../platform/cloudflare/bindings.ts'
import { cloudflarePorts } from '../platform/cloudflare/cloudflare-ports.ts'

export { DirectoryObject } from '../platform/cloudflare/directory-object.ts'
export { FunctionObject } from '../platform/cloudflare/function-object.ts'
export { LogGroupObject } from '../platform/cloudflare/log-group-object.ts'
export { LogTail } from '../platform/cloudflare/log-tail.ts'
export { MappingObject } from '../platform/cloudflare/mapping-object.ts'
export { Outbound } from '../platform/cloudflare/outbound.ts'
export { PumpObject } from '../platform/cloudflare/pump-object.ts'
export { Runner } from '../platform/cloudflare/runner-entrypoint.ts'
export { ShardObject } from '../platform/cloudflare/shard-object.ts'
export { StreamObject } from '../platform/cloudflare/stream-object.ts'

const app = createApp(
  (env) => cloudflarePorts(env as Bindings),
  () => newRequestId(Date.now(), crypto.randomUUID()),
)

export default {
  fetch: app.fetch,
  async queue(batch, env) {
    await consumeQueue(cloudflarePorts(env), batch.messages)
  },
} satisfies ExportedHandler<Bindings>
