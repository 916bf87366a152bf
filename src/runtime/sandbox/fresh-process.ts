import process from 'node:process'
import { installConsole } from './console-lines.ts'
import { createModuleLoader, type ModuleLoader } from './module-loader.ts'
import { assign, bare, deleteProperty, hasOwn, keys } from './primordials.ts'
import { resetWorkingDirectory } from './working-directory.ts'

const { defineProperties, getOwnPropertyNames } = Object
// Makes strings of what is assigned to it, which no other object would.
const variables = process.env
let ownGlobals: PropertyDescriptorMap | undefined

/**
 * What a new process would be, in an isolate that has served another: workerd keeps the isolate
 * after a timeout, so the globals that user code made or replaced must go.
 */
export function startAfresh(): ModuleLoader {
  ownGlobals ??= globalDescriptors()
  for (const name of getOwnPropertyNames(globalThis)) {
    if (!hasOwn(ownGlobals, name)) deleteProperty(globalThis, name)
  }
  defineProperties(globalThis, ownGlobals)
  process.removeAllListeners('uncaughtException')
  installConsole()
  resetWorkingDirectory()
  return createModuleLoader()
}

function globalDescriptors(): PropertyDescriptorMap {
  const descriptors = Object.getOwnPropertyDescriptors(globalThis)
  for (const descriptor of Object.values(descriptors)) bare(descriptor)
  return descriptors
}

export function setEnvironment(environment: Record<string, string>): void {
  for (const name of keys(variables)) deleteProperty(variables, name)
  process.env = assign(variables, environment)
}
