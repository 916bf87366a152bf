import { readFile } from 'node:fs/promises'
import { Miniflare } from 'miniflare'
import { bundleSandbox, bundleScriptParser } from '../../scripts/build-sandbox.ts'
import { encodeUtf8 } from '../../src/aws/utf8.ts'
import { packageIndex } from '../../src/runtime/package-index.ts'
import { scriptModule, type WorkerModule } from '../../src/runtime/package-modules.ts'
import {
  loadedLine,
  type BrokenModules,
  type SandboxAnswer,
  type SandboxCall,
} from '../../src/runtime/sandbox/protocol.ts'

/** A function's files by module name (`var/task/index.js`). */
export interface FunctionFiles {
  scripts?: Record<string, string>
  data?: Record<string, string>
  /** As the gateway makes them of a package. */
  modules?: Record<string, WorkerModule>
  broken?: BrokenModules
}

export interface SandboxRun {
  /** Absent when the call was rejected from outside. */
  answer?: SandboxAnswer
  thrown?: string
  /** What the tail worker saw: one text for each call of `console`, without the loading mark. */
  lines: string[]
  /** Those of `lines` that came before the mark; absent when there was none. */
  loadingLines?: string[]
  /** Those of `lines` that were errors. */
  errors: string[]
}

export type Run = (
  options?: Partial<SandboxCall> & {
    timeoutMilliseconds?: number
    /** Tells the instance afterwards that the call is over. */
    isEnded?: boolean
  },
) => Promise<SandboxRun>

export interface SandboxHost {
  /** One instance of a function: its first call loads it, later ones find it warm. */
  instance(files: FunctionFiles | string): Run
  /** Resolves when a function waits for an answer from the network. */
  functionWaits(): Promise<unknown>
  /** Answers all who wait for the network, now and later. */
  openNetwork(): Promise<unknown>
  dispose(): Promise<void>
}

/** A real Worker Loader with the sandbox as it is in the sources now. `isLazy`: as for large packages. */
export async function startSandboxHost(isLazy = false): Promise<SandboxHost> {
  const [sandbox, scriptParser] = await Promise.all([bundleSandbox(), bundleScriptParser()])
  const contents = await readFile(new URL('sandbox-host.mjs', import.meta.url), 'utf8')
  const miniflare = new Miniflare({
    logRequests: false,
    enableDevRegistry: false,
    telemetry: { enabled: false },
    // Without this, what functions print is printed by the tests.
    handleStructuredLogs: () => undefined,
    workers: [
      {
        config: {
          name: 'host',
          compatibilityDate: '2026-10-20',
          manifest: { mainModule: 'host.mjs', modules: { 'host.mjs': { type: 'esm', contents } } },
          env: { LOADER: { type: 'worker-loader' } },
        },
      },
    ],
  })
  await miniflare.ready
  let instances = 0

  async function post(path: string, body: unknown): Promise<unknown> {
    const url = `http://host${path}`
    const response = await miniflare.dispatchFetch(url, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    return response.json()
  }

  function instance(files: FunctionFiles | string): Run {
    const id = `instance-${++instances}`
    const given = typeof files === 'string' ? { scripts: { 'var/task/index.js': files } } : files
    const modules = modulesOf(given)
    const encoded = Object.entries(modules).map(([name, one]) => [
      name,
      'cjs' in one ? one : { data: Array.from(new Uint8Array(one.data)) },
    ])
    const sent = {
      encoded: Object.fromEntries(encoded) as unknown,
      index: packageIndex(modules, given.broken ?? {}),
    }
    let calls = 0
    return async ({ timeoutMilliseconds = 5000, isEnded = false, ...overrides } = {}) => {
      const call = { ...defaultCall(`${id}-request-${++calls}`), ...overrides }
      const request = {
        id,
        isLazy,
        sandbox,
        scriptParser,
        files: sent,
        call,
        timeoutMilliseconds,
        isEnded,
      }
      return runOf(await post('/', request))
    }
  }

  return {
    instance,
    functionWaits: () => post('/gate/waited', null),
    openNetwork: () => post('/gate/open', null),
    dispose: () => miniflare.dispose(),
  }
}

function modulesOf({ modules, scripts = {}, data = {} }: FunctionFiles) {
  const made: Record<string, WorkerModule> = { ...modules }
  for (const [name, source] of Object.entries(scripts)) made[name] = { cjs: scriptModule(source) }
  for (const [name, text] of Object.entries(data)) made[name] = { data: encodeUtf8(text).buffer }
  return made
}

const LOADING_MARK = 'ko2sss03iq7l2pdk'

function defaultCall(requestId: string): SandboxCall {
  return {
    requestId,
    loadingMark: LOADING_MARK,
    functionName: 'greet',
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:greet',
    handler: 'index.handler',
    memorySizeMegabytes: 128,
    logGroupName: '/aws/lambda/greet',
    logStreamName: '0123456789abcdef0123456789abcdef',
    event: '{}',
    deadlineMilliseconds: Date.now() + 3000,
    busyUntilMilliseconds: Date.now() + 4000,
    environment: {},
  }
}

function runOf(response: unknown): SandboxRun {
  // The host's answer, as sandbox-host.mjs writes it.
  const { logs, ...result } = response as Omit<SandboxRun, 'lines' | 'loadingLines' | 'errors'> & {
    logs: { level: string; message: unknown[] }[]
  }
  const texts = logs.map(({ level, message }) => {
    const [text, ...others] = message
    if (typeof text !== 'string' || others.length > 0) throw new Error('not one string a line')
    return { level, text }
  })
  const lines = texts.filter(({ text }) => text !== loadedLine(LOADING_MARK))
  const errors = lines.filter(({ level }) => level === 'error')
  const marked = texts.findIndex(({ text }) => text === loadedLine(LOADING_MARK))
  return {
    ...result,
    lines: lines.map(({ text }) => text),
    ...(marked === -1 ? {} : { loadingLines: texts.slice(0, marked).map(({ text }) => text) }),
    errors: errors.map(({ text }) => text),
  }
}
