import type { FunctionRecord } from '../../aws/function-configuration.ts'
import { sha256Hex } from '../../aws/hmac.ts'
import type { Outcome } from '../../ports/function-runner.ts'
import awsSdk from '../../../build/aws-sdk.txt'
import sandboxProgram from '../../../build/sandbox.txt'
import scriptParser from '../../../build/script-parser.txt'
import { builtInSdk, wantsBuiltInSdk } from '../../runtime/aws-sdk-modules.ts'
import {
  loadPackage,
  scriptModule,
  workerModules,
  type WorkerModule,
} from '../../runtime/package-modules.ts'
import { BROKEN_MODULES, SCRIPT_PARSER } from '../../runtime/sandbox/protocol.ts'
import { storedZip } from '../../runtime/stored-package.ts'
import type { Bindings } from './bindings.ts'
import { outcomeOf } from './instance-end.ts'
import { inTurn } from './load-turns.ts'
import { loopback } from './loopback.ts'
import { r2CodeStore } from './r2-code-store.ts'

/** A loaded copy of a function, which takes one event at a time. */
export interface Instance {
  id: string
  logGroupName: string
  logStreamName: string
  fetcher: Fetcher
  /** Set when its code cannot even be loaded: what every call of it comes to. */
  brokenBy?: Outcome
}

const COMPATIBILITY_DATE = '2026-10-20'
const EAGER = ['nodejs_compat']
/**
 * With its new registry workerd compiles a module when it is first asked for, and takes 15 ms more
 * to start. With the old one it compiles all before the first call, which takes 20 ms for each
 * megabyte, and refuses all for one that does not parse.
 */
const LAZY = ['nodejs_compat', 'new_module_registry']
/** Scripts of a package that had better be compiled when they are required. */
const LAZY_FROM_CHARACTERS = 1_000_000
/** Ids that this isolate has seen start; only to save them a round trip. */
const started = new Set<string>()
const MAX_REMEMBERED = 10_000
/** How often this isolate failed to load an instance, by its name: the next try has a new id. */
const failedLoads = new Map<string, number>()
/** Less than what a lease leaves for it. */
const START_LIMIT_MILLISECONDS = 25_000

/**
 * Loads instance `slot` of a function, or finds it loaded. Its id is runtime, configuration id and
 * slot: stable, because ids are billed by the day, and never of two contents. Loading is not part of the
 * call, so that no part of Timeout goes into it.
 */
export async function loadInstance(
  env: Bindings,
  ctx: ExecutionContext,
  record: FunctionRecord,
  slot: number,
): Promise<Instance> {
  const { ConfigurationId, FunctionName, Timeout } = record.configuration
  const logGroupName = `/aws/lambda/${FunctionName}`
  const logStreamName = await logStreamNameOf(`${ConfigurationId}:${slot}`)
  const log = { logGroupName, logStreamName }
  // A package that workerd refuses for a script that does not parse is compiled lazily, under
  // another id.
  for (const isLazy of [false, true]) {
    const name = `${await runtimeId()}:${ConfigurationId}:${slot}${isLazy ? ':lazy' : ''}`
    const failures = failedLoads.get(name) ?? 0
    const id = failures === 0 ? name : `${name}:${failures}`
    const stub = env.LOADER.get(id, async () => {
      const modules = await inTurn(() => modulesOf(env, record.codeKey))
      return {
        compatibilityDate: COMPATIBILITY_DATE,
        compatibilityFlags: isLazy || isLarge(modules) ? LAZY : EAGER,
        mainModule: 'sandbox.js',
        modules,
        env: {},
        limits: { cpuMs: Timeout * 1000 },
        globalOutbound: loopback(ctx).Outbound({ props: {} }),
        tails: [loopback(ctx).LogTail({ props: log })],
      }
    })
    const fetcher = stub.getEntrypoint('Instance')
    const failure = started.has(id)
      ? undefined
      : await startFailure(id, fetcher, Timeout).catch((error: unknown) => {
          // workerd keeps a failed load under its id for good (seen with 1.20261023.1).
          failedLoads.set(name, failures + 1)
          throw error
        })
    if (failure === undefined) return { id, ...log, fetcher }
    if (isLazy) return { id, ...log, fetcher, brokenBy: failure }
  }
  throw new Error('unreachable: the second round always returns')
}

const RUNTIME = [COMPATIBILITY_DATE, ...LAZY, sandboxProgram, scriptParser, awsSdk]
/** By configuration and slot; only so as not to make them anew for each call. */
const logStreamNames = new Map<string, string>()

async function logStreamNameOf(copy: string): Promise<string> {
  const known = logStreamNames.get(copy)
  if (known !== undefined) return known
  const name = (await sha256Hex(copy)).slice(0, 32)
  if (logStreamNames.size >= MAX_REMEMBERED) logStreamNames.clear()
  logStreamNames.set(copy, name)
  return name
}

let runtime: string | undefined

/** Names what every instance has besides its package, so that a new deployment loads all anew. */
async function runtimeId(): Promise<string> {
  runtime ??= (await sha256Hex(RUNTIME.join('\n'))).slice(0, 8)
  return runtime
}

/** An instance that failed a call for no fault of its own: whether it starts is asked once more. */
export function distrustInstance({ id }: Instance): void {
  started.delete(id)
}

/** Starts the isolate. What stands in the way is an outcome when it is the function's own code. */
async function startFailure(
  id: string,
  fetcher: Fetcher,
  timeoutSeconds: number,
): Promise<Outcome | undefined> {
  try {
    const signal = AbortSignal.timeout(START_LIMIT_MILLISECONDS)
    await fetcher.fetch('http://sandbox/', { method: 'GET', signal })
    if (started.size >= MAX_REMEMBERED) started.clear()
    started.add(id)
    return undefined
  } catch (error) {
    const outcome = outcomeOf(error, timeoutSeconds)
    if (outcome === undefined) throw error
    return outcome
  }
}

type Modules = Record<string, WorkerModule | { json: unknown } | string>

function isLarge(modules: Modules): boolean {
  let characters = 0
  for (const module of Object.values(modules)) {
    if (typeof module === 'object' && 'cjs' in module) characters += module.cjs.length
  }
  return characters >= LAZY_FROM_CHARACTERS
}

async function modulesOf(env: Bindings, codeKey: string): Promise<Modules> {
  const files = await loadPackage(await storedZip(r2CodeStore(env.CODE), codeKey))
  const { modules, broken } = await workerModules(files)
  const sdk = wantsBuiltInSdk(files) ? Array.from(builtInSdk(awsSdk)) : []
  return {
    ...modules,
    ...Object.fromEntries(sdk.map(([name, source]) => [name, { cjs: scriptModule(source) }])),
    'sandbox.js': sandboxProgram,
    [BROKEN_MODULES]: { json: broken },
    [SCRIPT_PARSER]: scriptParser,
  }
}
