import { zipSync } from 'fflate'
import { createApp } from '../../src/gateway/app.ts'
import { memoryPlatform } from '../../src/platform/memory/memory-ports.ts'
import type { FunctionStore } from '../../src/ports/function-store.ts'
import { fakeClock, type FakeClock } from './clock.ts'
import { scriptedRunner } from './scripted-runner.ts'
import { signedRequest } from './signed-request.ts'

export const ORIGIN = 'http://gateway.test:8787'
export const ROLE = 'arn:aws:iam::000000000000:role/lambda'

interface Options {
  variables?: Record<string, string>
  functions?: (clock: FakeClock) => FunctionStore
}

type Sign = NonNullable<Parameters<typeof signedRequest>[2]>

/** What is done to a request after it was signed, or differently when it is. */
interface CallOptions extends Sign {
  /** Headers to set, or with `undefined` to take away. */
  headers?: Record<string, string | undefined>
  /** The body that is sent instead of the signed one. */
  sent?: NonNullable<RequestInit['body']>
}

/** The whole front half on memory ports: what does not need a real runtime is tested here. */
export function memoryGateway({ variables = {}, functions }: Options = {}) {
  const clock = fakeClock()
  const script = scriptedRunner()
  const store = functions === undefined ? {} : { functions: functions(clock) }
  const platform = memoryPlatform({ now: clock.now, runner: script.runner, variables, ...store })
  const app = createApp(
    () => platform.ports,
    () => platform.ports.newId(),
  )

  async function call(
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
    { sent, headers: changed = {}, ...sign }: CallOptions = {},
  ) {
    const datetime = new Date(clock.now()).toISOString().replace(/[-:]|\.\d{3}/g, '')
    const init = { method, ...(body === undefined ? {} : { body }) }
    const signed = await signedRequest(ORIGIN + path, init, { datetime, ...sign })
    const headers = new Headers(signed.headers)
    headers.set('host', new URL(ORIGIN).host)
    if (body instanceof Uint8Array) headers.set('content-length', String(body.byteLength))
    for (const [name, value] of Object.entries(changed)) {
      if (value === undefined) headers.delete(name)
      else headers.set(name, value)
    }
    return app.request(signed.url, {
      ...init,
      headers,
      ...(sent === undefined ? {} : { body: sent, duplex: 'half' }),
    })
  }

  return {
    ...platform,
    clock,
    script,
    app,
    call,
    upload: (
      name: string,
      query: Record<string, string> = {},
      zip = zipOf(),
      options: CallOptions = {},
    ) => call('PUT', `/2014-11-13/functions/${name}?${uploadQuery(query)}`, zip, options),
    async logs(operation: string, input: object) {
      const target = `Logs_20140328.${operation}`
      const datetime = new Date(clock.now()).toISOString().replace(/[-:]|\.\d{3}/g, '')
      const init = {
        method: 'POST',
        body: JSON.stringify(input),
        headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' },
      }
      const signed = await signedRequest(`${ORIGIN}/`, init, { datetime, service: 'logs' })
      const headers = new Headers(signed.headers)
      headers.set('host', new URL(ORIGIN).host)
      return app.request(signed.url, { ...init, headers })
    },
  }
}

export function uploadQuery(query: Record<string, string> = {}): string {
  const required = { Runtime: 'nodejs', Role: ROLE, Handler: 'index.handler', Mode: 'event' }
  // AWS's clients encode a space as %20; URLSearchParams would make it a plus.
  return new URLSearchParams({ ...required, ...query }).toString().replaceAll('+', '%20')
}

export function zipOf(
  files: Record<string, string> = { 'index.js': 'exports.handler=function(e,c){c.done()}' },
): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder()
  const entries = Object.entries(files).map(([name, text]) => [name, encoder.encode(text)] as const)
  return new Uint8Array(zipSync(Object.fromEntries(entries)))
}
