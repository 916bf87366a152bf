import { WorkerEntrypoint } from 'cloudflare:workers'
import type { Bindings } from '../../src/platform/cloudflare/bindings.ts'
import { loopback } from '../../src/platform/cloudflare/loopback.ts'
import type { Feature } from '../runtime-calls.ts'

/** What a Worker has of itself while it runs. */
type Context = Pick<ExecutionContext<object>, 'exports'>

/** Makes bare calls in a request context of its own. */
export class BareCaller extends WorkerEntrypoint<Bindings> {
  call(id: string, features: Feature[]) {
    return callBare(this.env.LOADER, this.ctx, id, features)
  }
}

/** Receives what an empty module prints: nothing. */
export class IdleTail extends WorkerEntrypoint<Bindings> {
  override tail() {
    // Whoever listens for nothing is called all the same.
  }
}

/** `ctx.exports` is typed by what the main module exports. */
export function benchExports(ctx: Context) {
  return ctx.exports as {
    BareCaller: { call(id: string, features: Feature[]): Promise<void> }
    IdleTail: (options: { props: object }) => Fetcher
  }
}

/** Calls an empty module, with as much of what a function's call needs as is asked for. */
export async function callBare(
  loader: WorkerLoader,
  ctx: Context,
  id: string,
  features: Feature[],
): Promise<void> {
  const has = (feature: Feature) => features.includes(feature)
  const stub = loader.get(id, () => ({
    compatibilityDate: '2026-10-20',
    compatibilityFlags: ['nodejs_compat'],
    mainModule: 'empty.js',
    modules: { 'empty.js': emptyModule(has('header')) },
    globalOutbound: has('outbound') ? loopback(ctx).Outbound({ props: {} }) : null,
    ...(has('tail') ? { tails: [benchExports(ctx).IdleTail({ props: {} })] } : {}),
  }))
  const limit = has('signal') ? { signal: AbortSignal.timeout(60_000) } : {}
  const response = await stub
    .getEntrypoint()
    .fetch('http://empty/', { method: 'POST', body: '{}', ...limit })
  const body = response.text()
  // As the sandbox answers: the body is read all the same, but nobody waits for it.
  if (response.headers.get('answer') === null) await body
}

function emptyModule(answersInHeader: boolean): string {
  const answer = answersInHeader ? `null, { headers: { answer: '{}' } }` : ''
  return `export default { fetch: () => new Response(${answer}) }`
}
