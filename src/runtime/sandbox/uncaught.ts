import type { EventEmitter } from 'node:events'
import { printable } from './answers.ts'
import { printError } from './console-lines.ts'
import { NativeError, apply, bare, isCallable, type Callable } from './primordials.ts'
import { usedProcess } from './process.ts'

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate'] as const

/** The timer functions as user code gets them, by name. */
export const watchedTimers: Record<string, Callable> = bare({})

/** What `process.exit` throws when the call has its answer already: it only ends the tick. */
export class ProcessEnd extends NativeError {}

/** Tells `process.on('exit')` of an end that can be seen from inside. */
export function tellExit(code: unknown): void {
  try {
    listened('exit', code)
  } catch (error) {
    printError(printable(error))
  }
}

/** An error that nothing caught: a `process.on('uncaughtException')` takes it, or all ends. */
export function uncaught(error: unknown): void {
  if (error instanceof ProcessEnd) return
  try {
    if (listened('uncaughtException', error, 'uncaughtException')) return
  } catch (second) {
    printError(printable(second))
  }
  printError(printable(error))
  // Node 0.10 left with 8 after an uncaught error.
  tellExit(8)
  die()
}
/** Whether anybody listens. */
function listened(event: string, ...args: unknown[]): boolean {
  const emitter: Pick<EventEmitter, 'emit'> | undefined = usedProcess()
  return emitter?.emit(event, ...args) === true
}

let die: () => void = () => undefined

/** Makes throws out of callbacks end the call, as they ended the process of Node 0.10. */
export function installUncaught(end: () => void): void {
  die = end
  for (const name of TIMERS) watchTimer(name)
  // Throws in nextTick, microtasks and callbacks of fs, http, zlib, dns and streams come here;
  // throws in timers do not (measured).
  addEventListener('error', (event) => {
    event.preventDefault()
    event.stopImmediatePropagation()
    uncaught(event.error)
  })
  // Node 0.10 knew no unhandled rejections: its promise libraries went on, so the call does.
  addEventListener('unhandledrejection', (event) => {
    event.preventDefault()
    const { reason } = event
    if (reason instanceof ProcessEnd) return
    if ((usedProcess()?.listenerCount('unhandledRejection') ?? 0) > 0) return
    printError(`Unhandled rejection ${printable(reason)}`)
  })
}

/** Takes away what user code listens to. */
export function forgetListeners(): void {
  const process = usedProcess()
  for (const name of process?.eventNames() ?? []) {
    // By this one workerd notices who listens to rejections.
    if (name !== 'newListener') process?.removeAllListeners(name)
  }
}

function watchTimer(name: (typeof TIMERS)[number]): void {
  const original: unknown = globalThis[name]
  if (!isCallable(original)) return
  const watched: Callable = (callback, ...rest) =>
    apply(original, undefined, [isCallable(callback) ? guarded(callback) : callback, ...rest])
  // `util.promisify(setTimeout)` looks for a symbol on it.
  Object.defineProperties(watched, Object.getOwnPropertyDescriptors(original))
  watchedTimers[name] = watched
  Reflect.set(globalThis, name, watched)
}

/** The same function, whose throws end the call as those out of any callback do. */
export function guarded(callback: Callable): Callable {
  return function (this: unknown, ...args) {
    try {
      apply(callback, this, args)
    } catch (error) {
      uncaught(error)
    }
  }
}
