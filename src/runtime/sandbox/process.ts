import type nodeProcess from 'node:process'
import { lazily, requireModule } from './node-modules.ts'
import { PROCESS_MODULE } from './protocol.ts'

type Process = typeof nodeProcess

const preparations: ((process: Process) => void)[] = []

/** Node's `process`, made into what user code is to have when somebody first asks for it. */
export const theProcess = lazily(() => {
  const module = requireModule(`./${PROCESS_MODULE}`) as Process | { default: Process }
  // Of a module with a default export the old registry of workerd gives that, the new one all.
  const process = 'default' in module ? module.default : module
  for (const prepare of preparations) prepare(process)
  return process
})

/** Has `process` prepared before user code gets it. */
export function prepareProcess(prepare: (process: Process) => void): void {
  preparations.push(prepare)
}

/** `process` if anybody has asked for it: else nobody listens to its events. */
export function usedProcess(): Process | undefined {
  return theProcess.isMade() ? theProcess() : undefined
}

/** Puts `process` into the globals, to be made when it is read there. */
export function installProcess(): void {
  // workerd makes its own when it is replaced, but not when it is deleted (measured).
  Reflect.deleteProperty(globalThis, 'process')
  Object.defineProperty(globalThis, 'process', {
    get: theProcess,
    set(value: unknown) {
      Object.defineProperty(globalThis, 'process', { value, writable: true, configurable: true })
    },
    configurable: true,
    enumerable: false,
  })
}
