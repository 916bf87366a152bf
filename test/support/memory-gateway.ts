import { zipSync } from 'fflate'
import { createApp } from '../../src/gateway/app.ts'
import { memoryPlatform } from '../../src/platform/memory/memory-ports.ts'
import type { FunctionStore } from '../../src/ports/function-store.ts'
import type { IdentityStore } from '../../src/ports/identity-store.ts'
import { fakeClock, type FakeClock } from './clock.ts'
import { scriptedRunner } from './scripted-runner.ts'
import { sign } from './sign.ts'
import { basicIso, type Body, type CallOptions } from './wire.ts'

export const ORIGIN = 'http://gateway.test:8787'
export const ROLE = 'arn:aws:iam::000000000000:role/lambda'

interface Options {
  variables?: Record<string, string>
  maxShardBytes?: number
  functions?: (clock: FakeClock) => FunctionStore
  identities?: (clock: FakeClock) => IdentityStore
}

/** The whole front half on memory ports: what does not need a real runtime is tested here. */
export function memoryGateway({ variables = {}, ...rest }: Options = {}) {
  const { maxShardBytes, functions, identities } = rest
  const clock = fakeClock()
  const script = scriptedRunner()
  const platform = memoryPlatform({
    now: clock.now,
    runner: script.runner,
    variables,
    ...(functions === undefined ? {} : { functions: functions(clock) }),
    ...(identities === undefined ? {} : { identities: identities(clock) }),
    ...(maxShardBytes === undefined ? {} : { maxShardBytes }),
  })
  const app = createApp(
    () => platform.ports,
    () => platform.ports.newId(),
  )

  async function call(method: string, path: string, body?: Body, options: CallOptions = {}) {
    const { sent = body, headers: changed = {}, ...signing } = options
    const datetime = basicIso(clock.now())
    const headers = await sign(method, ORIGIN + path, body, { datetime, ...signing })
    if (sent !== undefined) headers.set('content-length', String(Buffer.byteLength(sent)))
    for (const [name, value] of Object.entries(changed)) {
      if (value === undefined) headers.delete(name)
      else headers.set(name, value)
    }
    const init = { method, headers, ...(sent === undefined ? {} : { body: sent }) }
    return app.request(ORIGIN + path, init)
  }

  return {
    ...platform,
    clock,
    script,
    app,
    call,
    now: clock.now,
    upload: (
      name: string,
      query: Record<string, string> = {},
      zip = zipOf(),
      options: CallOptions = {},
    ) => call('PUT', `/2014-11-13/functions/${name}?${uploadQuery(query)}`, zip, options),
    async logs(operation: string, input: object) {
      const signed = {
        'x-amz-target': `Logs_20140328.${operation}`,
        'content-type': 'application/x-amz-json-1.1',
      }
      return call('POST', '/', JSON.stringify(input), { service: 'logs', signed })
    },
    async kinesis(operation: string, input: unknown) {
      const signed = {
        'x-amz-target': `Kinesis_20131202.${operation}`,
        'content-type': 'application/x-amz-json-1.1',
      }
      return call('POST', '/', JSON.stringify(input), { service: 'kinesis', signed })
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
  // Always the same bytes for the same files, whatever the time.
  return new Uint8Array(zipSync(Object.fromEntries(entries), { mtime: '2015-01-06' }))
}
