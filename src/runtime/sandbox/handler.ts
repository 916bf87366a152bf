import { initFailure } from './answers.ts'
import { endLoading } from './console-lines.ts'
import { createContext } from './context.ts'
import type { ModuleLoader } from './module-loader.ts'
import { apply, get, getPrototypeOf, isCallable, isError, parse } from './primordials.ts'
import type { SandboxAnswer, SandboxCall } from './protocol.ts'

const asyncFunction: unknown = getPrototypeOf(async () => Promise.resolve())

/** Loads the handler and calls it. Throws what calling throws. */
export function callHandler(
  call: SandboxCall,
  modules: ModuleLoader,
  settle: (answer: SandboxAnswer) => void,
): void {
  const dot = call.handler.lastIndexOf('.')
  if (dot === -1) {
    settle(initFailure(`Bad handler '${call.handler}'`))
    return
  }
  const file = call.handler.slice(0, dot)
  const name = call.handler.slice(dot + 1)
  let exported: unknown
  let handler: unknown
  try {
    exported = modules.loadHandler(`/var/task/${file}`)
    handler = memberOf(exported, name)
  } catch (error) {
    settle(initFailure(whyNotLoaded(file, error), error ?? String(error)))
    return
  } finally {
    endLoading()
  }
  if (handler === undefined || handler === null) {
    settle(initFailure(`Handler '${name}' missing on module '${file}'`))
    return
  }
  // The words of the V8 of that time; Lambda itself did not look before it called.
  if (!isCallable(handler)) throw new TypeError(`${typeof handler} is not a function`)
  const context = createContext(call, settle)
  const result = apply(handler, exported, [parse(call.event), context, context.done])
  // In 2014 what a handler returned had no meaning; an `async function` did not exist.
  const isAsync = getPrototypeOf(handler) === asyncFunction
  if (isAsync && handler.length <= 2) void follow(result, context)
}

/** In Lambda's words of 2015 (garnaat/kappa#21, rgraciano/echo-sonos#45). */
function whyNotLoaded(file: string, error: unknown): string {
  if (isError(error) && get(error, 'code') === 'MODULE_NOT_FOUND') {
    return `Unable to import module '${file}'`
  }
  return error instanceof SyntaxError
    ? `Syntax error in module '${file}'`
    : 'module initialization error'
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
