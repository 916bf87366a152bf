import { endLoading } from './console-lines.ts'
import { createContext } from './context.ts'
import type { ModuleLoader } from './module-loader.ts'
import { apply, get, getPrototypeOf, isCallable, parse } from './primordials.ts'
import type { SandboxAnswer, SandboxCall } from './protocol.ts'

const asyncFunction: unknown = getPrototypeOf(async () => Promise.resolve())

/** Loads the handler and calls it. Throws what loading or calling throws. */
export function callHandler(
  call: SandboxCall,
  modules: ModuleLoader,
  settle: (answer: SandboxAnswer) => void,
): void {
  const dot = call.handler.lastIndexOf('.')
  if (dot === -1) {
    settle({ kind: 'failed', errorMessage: `Bad handler '${call.handler}'` })
    return
  }
  const file = call.handler.slice(0, dot)
  const name = call.handler.slice(dot + 1)
  const exported = modules.load(`/var/task/${file}`)
  endLoading()
  const handler = memberOf(exported, name)
  if (!isCallable(handler)) {
    settle({ kind: 'failed', errorMessage: `Handler '${name}' missing on module '${file}'` })
    return
  }
  const context = createContext(call, settle)
  const result = apply(handler, exported, [parse(call.event), context, context.done])
  // In 2014 what a handler returned had no meaning; an `async function` did not exist.
  const isAsync = getPrototypeOf(handler) === asyncFunction
  if (isAsync && handler.length <= 2) void follow(result, context)
}

async function follow(
  result: unknown,
  { succeed, fail }: ReturnType<typeof createContext>,
): Promise<void> {
  try {
    succeed(await result)
  } catch (error) {
    fail(error)
  }
}

function memberOf(exported: unknown, name: string): unknown {
  const hasMembers = isCallable(exported) || (typeof exported === 'object' && exported !== null)
  return hasMembers ? get(exported, name) : undefined
}
