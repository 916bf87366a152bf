import { installConsole } from './console-lines.ts'
import { remember, rememberGlobals, restore } from './intrinsics.ts'
import { createModuleLoader, type ModuleLoader } from './module-loader.ts'
import { assign, deleteProperty, keys, set } from './primordials.ts'
import { prepareProcess, usedProcess } from './process.ts'
import { forgetListeners } from './uncaught.ts'
import { resetWorkingDirectory } from './working-directory.ts'

let isFirst = true
/** What the gateway has given; what user code adds stays as long as the process. */
let environment: Record<string, string> = {}
// Makes strings of what is assigned to it, which no other object would.
let variables: NodeJS.ProcessEnv | undefined

/**
 * What a new process would be, in an isolate that has served another: workerd keeps the isolate
 * after a timeout, so what user code made of the globals and of their prototypes must go.
 */
export function startAfresh(): ModuleLoader {
  if (isFirst) rememberGlobals()
  else {
    restore()
    forgetListeners()
  }
  isFirst = false
  installConsole()
  resetWorkingDirectory()
  const process = usedProcess()
  if (process !== undefined) resetEnvironment(process)
  return createModuleLoader()
}

/** Has every new process begin with these variables; a running one is told of those that changed. */
export function setEnvironment(given: Record<string, string>): void {
  const before = environment
  environment = given
  const current = usedProcess()?.env
  if (current === undefined) return
  const names = keys(given)
  for (let index = 0; index < names.length; index++) {
    const name = names[index] ?? ''
    if (before[name] !== given[name]) set(current, name, given[name])
  }
}

export function installEnvironment(): void {
  prepareProcess((process) => {
    variables = process.env
    resetEnvironment(process)
    remember(process)
  })
}

function resetEnvironment(process: Pick<NodeJS.Process, 'env'>): void {
  if (variables === undefined) return
  const names = keys(variables)
  for (let index = 0; index < names.length; index++) deleteProperty(variables, names[index] ?? '')
  process.env = assign(variables, environment)
}
