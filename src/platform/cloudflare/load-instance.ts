import type { FunctionRecord } from '../../aws/function-configuration.ts'
import { sha256Hex } from '../../aws/hmac.ts'
import type { Outcome } from '../../ports/function-runner.ts'
import type { Bindings } from './bindings.ts'
import { discardBody } from './discard-body.ts'
import { instanceCode, runtimeId } from './instance-code.ts'
import { outcomeOf } from './instance-end.ts'
import { inTurn } from './load-turns.ts'
import { loopback, type OwnContext } from './loopback.ts'
import { timeLimit } from './time-limit.ts'

/** A loaded copy of a function, which takes one event at a time. */
export interface Instance {
  id: string
  logGroupName: string
  logStreamName: string
  fetcher: Fetcher
  /** Set when its code cannot even be loaded: what every call of it comes to. */
  brokenBy?: Outcome
}

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
  ctx: Pick<OwnContext, 'exports'>,
  record: FunctionRecord,
  slot: number,
): Promise<Instance> {
  const { ConfigurationId, FunctionName, MemorySize, Timeout } = record.configuration
  const logGroupName = `/aws/lambda/${FunctionName}`
  const logStreamName = logStreamNameOf(`${ConfigurationId}:${slot}`)
  const log = { logGroupName, logStreamName }
  // A package that workerd refuses, for a script that does not parse or because it may not be
  // compiled lazily, is loaded the other way, under another id.
  for (const wasRefused of [false, true]) {
    const name = `${runtimeId()}:${ConfigurationId}:${slot}${wasRefused ? ':again' : ''}`
    const failures = failedLoads.get(name) ?? 0
    const id = failures === 0 ? name : `${name}:${failures}`
    const stub = env.LOADER.get(id, async () => ({
      ...(await inTurn(() => instanceCode(env, record.codeKey, wasRefused))),
      env: {},
      limits: { cpuMs: Timeout * 1000 },
      globalOutbound: loopback(ctx).Outbound({ props: {} }),
      tails: [loopback(ctx).LogTail({ props: { ...log, memorySizeMegabytes: MemorySize } })],
    }))
    const fetcher = stub.getEntrypoint('Instance')
    const failure = started.has(id)
      ? undefined
      : await startFailure(id, fetcher, Timeout).catch((error: unknown) => {
          // workerd keeps a failed load under its id for good (seen with 1.20261023.1).
          failedLoads.set(name, failures + 1)
          throw error
        })
    if (failure === undefined) return { id, ...log, fetcher }
    if (wasRefused) return { id, ...log, fetcher, brokenBy: failure }
  }
  throw new Error('unreachable: the second round always returns')
}

/** By configuration and slot; only so as not to make them anew for each call. */
const logStreamNames = new Map<string, string>()

function logStreamNameOf(copy: string): string {
  const known = logStreamNames.get(copy)
  if (known !== undefined) return known
  const name = sha256Hex(copy).slice(0, 32)
  if (logStreamNames.size >= MAX_REMEMBERED) logStreamNames.clear()
  logStreamNames.set(copy, name)
  return name
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
  const { signal, lift } = timeLimit(START_LIMIT_MILLISECONDS)
  try {
    discardBody(await fetcher.fetch('http://sandbox/', { method: 'GET', signal }))
    if (started.size >= MAX_REMEMBERED) started.clear()
    started.add(id)
    return undefined
  } catch (error) {
    const outcome = outcomeOf(error, timeoutSeconds)
    if (outcome === undefined) throw error
    return outcome
  } finally {
    lift()
  }
}
