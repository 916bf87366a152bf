import type { Bindings } from '../../../src/platform/cloudflare/bindings.ts'
import { cloudflarePorts } from '../../../src/platform/cloudflare/cloudflare-ports.ts'
import type { FunctionRecord } from '../../../src/aws/function-configuration.ts'
import { durableCapacity } from '../../../src/platform/cloudflare/durable-capacity.ts'
import { kvEventSourceIndex } from '../../../src/platform/cloudflare/kv-event-source-index.ts'
import { loadInstance } from '../../../src/platform/cloudflare/load-instance.ts'
import { kvFunctionStore } from '../../../src/platform/cloudflare/kv-function-store.ts'
import { loopback } from '../../../src/platform/cloudflare/loopback.ts'
import { r2CodeStore } from '../../../src/platform/cloudflare/r2-code-store.ts'
import worker from '../../../src/entry/worker.ts'
import { NO_OUTPUT, type CallOutput, type CallReport } from '../../../src/runtime/call-log.ts'
import { decodeWire, encodeWire } from '../contract-wire.ts'
import { oddBuckets } from './odd-buckets.ts'
import { withTombstones } from './tombstones.ts'

export * from '../../../src/entry/worker.ts'

/** So few that a list of more takes several calls. */
const LIST_LIMIT = 10

type Method = (...args: unknown[]) => unknown

/** The gateway's worker, its ports laid open for contract suites: `POST /contract/PORT/METHOD`. */
export default {
  async fetch(request, env, ctx) {
    const [, area, port = '', method = ''] = new URL(request.url).pathname.split('/')
    if (area !== 'contract') return worker.fetch(request, env, ctx)
    const ports: Record<string, object> = {
      ...cloudflarePorts(env),
      code: r2CodeStore(env.CODE, { listLimit: LIST_LIMIT }),
      functions: kvFunctionStore(env.FUNCTIONS),
      tombstoned: kvFunctionStore(withTombstones(env.FUNCTIONS)),
      // What others might put into the queue.
      queue: {
        send(body: unknown) {
          const contentType = body instanceof Uint8Array ? 'bytes' : 'json'
          return env.INVOCATIONS.send(body, { contentType })
        },
      },
      capacity: durableCapacity(env.FUNCTION_ACTORS),
      eventSourceIndex: kvEventSourceIndex(env.FUNCTIONS),
      runner: loopback(ctx).Runner,
      oddBuckets,
      loader: {
        /** What the Worker Loader is told of a function. */
        async definition(record: FunctionRecord) {
          let define: () => unknown = () => undefined
          const LOADER: WorkerLoader = {
            get: (id, definition) => {
              define = definition
              return env.LOADER.get(id, definition)
            },
            load: (code) => env.LOADER.load(code),
          }
          await loadInstance({ ...env, LOADER }, ctx, record, 0)
          const code = (await define()) as WorkerLoaderWorkerCode
          const { limits, env: given, globalOutbound, tails = [] } = code
          const hasOutbound = globalOutbound !== null && globalOutbound !== undefined
          return { limits, env: given, hasOutbound, tails: tails.length }
        },
      },
      calls: {
        async write(logGroupName: string, report: CallReport, output: CallOutput | undefined) {
          const group = env.LOG_GROUPS.getByName(logGroupName)
          if (output === undefined) return group.write(report, NO_OUTPUT)
          const callId = report.requestId
          await Promise.all([group.output(callId, output), group.report(callId, report)])
        },
      },
    }
    try {
      const target = ports[port] ?? {}
      const args = decodeWire(await request.text()) as unknown[]
      const call = Reflect.get(target, method) as Method
      const answer = await Reflect.apply(call, target, args)
      return new Response(encodeWire([await portable(answer)]))
    } catch (error) {
      return new Response(String(error), { status: 500 })
    }
  },
  queue: worker.queue,
} satisfies ExportedHandler<Bindings>

/** A stored object's stream, as the bytes it carries; what is given one by one, as a list. */
async function portable(answer: unknown): Promise<unknown> {
  if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer) {
    return Array.fromAsync(answer as AsyncIterable<unknown>)
  }
  if (typeof answer !== 'object' || answer === null || !('body' in answer)) return answer
  const body = answer.body as ReadableStream<Uint8Array>
  return { ...answer, body: new Uint8Array(await new Response(body).arrayBuffer()) }
}
