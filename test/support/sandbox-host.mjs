// The Worker around the Worker Loader in the sandbox's tests: runs one call, hands back its tail.
import { WorkerEntrypoint } from 'cloudflare:workers'

const traces = new Map()
const gate = { isWaited: false, isOpen: false }

export class LogTail extends WorkerEntrypoint {
  tail(traceItems) {
    for (const { event, logs } of traceItems) {
      if (event.request.method !== 'POST') continue
      // Of a request id the plain `url` has "REDACTED".
      traces.set(
        event.request.getUnredacted().url,
        logs.map(({ level, message }) => ({ level, message })),
      )
    }
  }
}

/** What functions reach over the network: it answers when the gate opens. */
export class Outbound extends WorkerEntrypoint {
  async fetch() {
    gate.isWaited = true
    await until(() => gate.isOpen)
    return new Response('open')
  }
}

export default {
  async fetch(request, env, ctx) {
    switch (new URL(request.url).pathname) {
      case '/gate/waited':
        return Response.json(await until(() => gate.isWaited))
      case '/gate/open':
        gate.isOpen = true
        return Response.json(true)
      default:
        return Response.json(await run(await request.json(), env, ctx))
    }
  },
}

async function run(
  { id, isLazy, sandbox, scriptParser, files, call, timeoutMilliseconds, isEnded },
  env,
  ctx,
) {
  const stub = env.LOADER.get(id, () => ({
    compatibilityDate: '2026-10-20',
    compatibilityFlags: ['nodejs_compat', ...(isLazy ? ['new_module_registry'] : [])],
    mainModule: 'sandbox.js',
    modules: {
      'sandbox.js': sandbox,
      'gateway/process.js': `export { default } from 'node:process'`,
      'gateway/script-parser.js': scriptParser,
      ...modulesOf(files),
    },
    env: {},
    globalOutbound: ctx.exports.Outbound({}),
    tails: [ctx.exports.LogTail({})],
  }))
  const url = `http://sandbox/${call.requestId}/1`
  const signal = AbortSignal.timeout(timeoutMilliseconds)
  const init = { method: 'POST', body: JSON.stringify(call), signal }
  const instance = stub.getEntrypoint('Instance')
  const result = await instance
    .fetch(new Request(url, init))
    .then(async (response) => ({ answer: JSON.parse(await answerOf(response)) }))
    .catch((error) => ({ thrown: String(error) }))
  if (isEnded) await instance.fetch(url, { method: 'DELETE' })
  await until(() => traces.has(url))
  return { ...result, logs: traces.get(url) }
}

/** As src/runtime/sandbox/protocol.ts has it. */
async function answerOf(response) {
  // Read in any case: until then the call is not over, and its tail does not come.
  const text = await response.text()
  return response.headers.get('answer') ?? text
}

function modulesOf({ encoded, index }) {
  const modules = { 'gateway/package.json': { json: index } }
  for (const [name, one] of Object.entries(encoded))
    modules[name] = 'cjs' in one ? one : { data: Uint8Array.from(one.data) }
  return modules
}

async function until(condition) {
  for (let tries = 0; tries < 5000; tries++) {
    if (condition()) return true
    await scheduler.wait(1)
  }
  throw new Error('waited in vain')
}
