import process from 'node:process'
import { installConsole } from './console-lines.ts'
import { remember, rememberGlobals, restore } from './intrinsics.ts'
import { createModuleLoader, type ModuleLoader } from './module-loader.ts'
import { assign, deleteProperty, keys } from './primordials.ts'
import { forgetListeners } from './uncaught.ts'
import { resetWorkingDirectory } from './working-directory.ts'

// Makes strings of what is assigned to it, which no other object would.
const variables = process.env
let isFirst = true

/**
 * What a new process would be, in an isolate that has served another: workerd keeps the isolate
 * after a timeout, so what user code made of the globals and of their prototypes must go.
 */
export function startAfresh(): ModuleLoader {
  if (isFirst) {
    rememberGlobals()
    remember(process)
  } else {
    restore()
    forgetListeners()
  }
  isFirst = false
  installConsole()
  resetWorkingDirectory()
  return createModuleLoader()
}

export function setEnvironment(environment: Record<string, string>): void {
  const names = keys(variables)
  for (let index = 0; index < names.length; index++) deleteProperty(variables, names[index] ?? '')
  process.env = assign(variables, environment)
}
