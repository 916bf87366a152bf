import { sha256Hex } from '../../aws/hmac.ts'
import awsSdk from '../../../build/aws-sdk.txt'
import sandboxProgram from '../../../build/sandbox.txt'
import scriptParser from '../../../build/script-parser.txt'
import { builtInSdk, wantsBuiltInSdk } from '../../runtime/aws-sdk-modules.ts'
import { packageIndex } from '../../runtime/package-index.ts'
import {
  loadPackage,
  scriptModule,
  workerModules,
  type WorkerModule,
} from '../../runtime/package-modules.ts'
import {
  PACKAGE_INDEX,
  PROCESS_MODULE,
  PROCESS_SOURCE,
  SCRIPT_PARSER,
} from '../../runtime/sandbox/protocol.ts'
import { storedZip } from '../../runtime/stored-package.ts'
import type { Bindings } from './bindings.ts'
import { r2CodeStore } from './r2-code-store.ts'

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
const RUNTIME = [COMPATIBILITY_DATE, ...LAZY, sandboxProgram, PROCESS_SOURCE, scriptParser, awsSdk]
let runtime: string | undefined

/** Names what every instance has besides its package, so that a new deployment loads all anew. */
export function runtimeId(): string {
  runtime ??= sha256Hex(RUNTIME.join('\n')).slice(0, 8)
  return runtime
}

/**
 * What workerd is given of a function: the sandbox and the package's files, compiled at once, or one
 * by one as they are required if they are large. The other way round if workerd refused that.
 */
export async function instanceCode(env: Bindings, codeKey: string, wasRefused: boolean) {
  const files = await loadPackage(await storedZip(r2CodeStore(env.CODE), codeKey))
  const { modules, broken } = await workerModules(files)
  const sdk = wantsBuiltInSdk(files) ? builtInSdk(awsSdk) : []
  for (const [name, source] of sdk) modules[name] = { cjs: scriptModule(source) }
  const program = {
    'sandbox.js': sandboxProgram,
    [PACKAGE_INDEX]: { json: packageIndex(modules, broken) },
    [PROCESS_MODULE]: PROCESS_SOURCE,
  }
  const common = { compatibilityDate: COMPATIBILITY_DATE, mainModule: 'sandbox.js' }
  const isLarge = scriptCharacters(modules) >= LAZY_FROM_CHARACTERS
  if (isLarge === wasRefused) {
    return { ...common, compatibilityFlags: EAGER, modules: { ...modules, ...program } }
  }
  // Without it, scripts that do not parse would have been refused already.
  const parser = { [SCRIPT_PARSER]: scriptParser }
  return { ...common, compatibilityFlags: LAZY, modules: { ...modules, ...program, ...parser } }
}

function scriptCharacters(modules: Record<string, WorkerModule>): number {
  let characters = 0
  for (const module of Object.values(modules)) {
    if ('cjs' in module) characters += module.cjs.length
  }
  return characters
}
