import type { FunctionRecord } from '../../src/aws/function-configuration.ts'
import type { FunctionRunner } from '../../src/ports/function-runner.ts'
import type { Bindings } from '../../src/platform/cloudflare/bindings.ts'
import { loopback } from '../../src/platform/cloudflare/loopback.ts'
import { InstanceRunner } from '../../src/platform/cloudflare/runner.ts'
import type { BenchCall, BenchRequest, BenchTimes } from '../runtime-calls.ts'
import { benchExports, callBare } from './bare-call.ts'

export * from '../../src/entry/worker.ts'
export { BareCaller, IdleTail } from './bare-call.ts'

const PAUSE_MILLISECONDS = 15

/**
 * The gateway's worker, with calls timed inside it: `PUT /CODE_KEY` stores a zip, `POST /` makes
 * calls in turns and answers how long each took.
 */
export default {
  async fetch(request, env, ctx) {
    if (request.method === 'PUT') {
      await env.CODE.put(new URL(request.url).pathname.slice(1), await request.arrayBuffer())
      return new Response()
    }
    const { calls, rounds, isPaused } = await request.json<BenchRequest>()
    const times: BenchTimes = calls.map(() => [])
    for (let round = 0; round < rounds; round++) {
      for (const [index, call] of calls.entries()) {
        const startedAt = Date.now()
        await makeCall(call, env, ctx)
        times[index]?.push(Date.now() - startedAt)
        // What a call leaves behind, its log above all, is not to slow down the next one.
        if (isPaused) await scheduler.wait(PAUSE_MILLISECONDS)
      }
    }
    return Response.json(times)
  },
} satisfies ExportedHandler<Bindings>

async function makeCall(
  { kind, features, codeKey = '', id = crypto.randomUUID() }: BenchCall,
  env: Bindings,
  ctx: ExecutionContext,
): Promise<void> {
  const isBehind = features.includes('entrypoint')
  if (kind === 'function') {
    // As a Durable Object makes a call: by itself, or behind an entrypoint when it makes many.
    const runner = isBehind ? loopback(ctx).Runner : new InstanceRunner(env, ctx)
    await callFunction(runner, recordOf(id, codeKey))
  } else if (isBehind) await benchExports(ctx).BareCaller.call(id, features)
  else await callBare(env.LOADER, ctx, id, features)
}

async function callFunction(runner: FunctionRunner, record: FunctionRecord): Promise<void> {
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
