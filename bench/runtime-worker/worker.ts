import type { FunctionRecord } from '../../src/aws/function-configuration.ts'
import type { Bindings } from '../../src/platform/cloudflare/bindings.ts'
import { loopback } from '../../src/platform/cloudflare/loopback.ts'
import type { BenchRequest } from '../runtime-calls.ts'

export * from '../../src/entry/worker.ts'

const PAUSE_MILLISECONDS = 20

/**
 * The gateway's worker, with calls timed inside it: `PUT /CODE_KEY` stores a zip, `POST /` makes
 * calls one after the other and answers the milliseconds that they took in all.
 */
export default {
  async fetch(request, env, ctx) {
    if (request.method === 'PUT') {
      await env.CODE.put(new URL(request.url).pathname.slice(1), await request.arrayBuffer())
      return new Response()
    }
    const { kind, ids, codeKey, isPaused } = await request.json<BenchRequest>()
    const call =
      kind === 'bare'
        ? (id: string) => callBare(env.LOADER, id)
        : (id: string) => callFunction(loopback(ctx).Runner, recordOf(id, codeKey))
    let milliseconds = 0
    for (const id of ids) {
      const startedAt = Date.now()
      await call(id)
      milliseconds += Date.now() - startedAt
      // What a call leaves behind, its log above all, is not to slow down the next one.
      if (isPaused) await scheduler.wait(PAUSE_MILLISECONDS)
    }
    return Response.json(milliseconds)
  },
} satisfies ExportedHandler<Bindings>

async function callBare(loader: WorkerLoader, id: string): Promise<void> {
  const stub = loader.get(id, () => ({
    compatibilityDate: '2026-10-20',
    compatibilityFlags: ['nodejs_compat'],
    mainModule: 'empty.js',
    modules: { 'empty.js': 'export default { fetch: () => new Response() }' },
    globalOutbound: null,
  }))
  const response = await stub.getEntrypoint().fetch('http://empty/', { method: 'POST', body: '{}' })
  await response.text()
}

async function callFunction(
  runner: ReturnType<typeof loopback>['Runner'],
  record: FunctionRecord,
): Promise<void> {
  const requestId = crypto.randomUUID()
  const result = await runner.run({ record, slot: 0, requestId, attempt: 1, payload: '{}' })
  if (!result.ran || result.outcome.kind !== 'succeeded') throw new Error(JSON.stringify(result))
}

function recordOf(id: string, codeKey: string): FunctionRecord {
  return {
    configuration: {
      FunctionName: 'bench',
      FunctionARN: 'arn:aws:lambda:us-east-1:000000000000:function:bench',
      ConfigurationId: id,
      Runtime: 'nodejs',
      Role: 'arn:aws:iam::000000000000:role/lambda',
      Handler: 'index.handler',
      Mode: 'event',
      CodeSize: 0,
      Description: '',
      Timeout: 60,
      MemorySize: 128,
      LastModified: '2015-01-01T00:00:00Z',
    },
    codeKey,
  }
}
