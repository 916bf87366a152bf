import { createRequire } from 'node:module'
import { brokenScript, bundleFiles, isScript, moduleScriptName } from './bundle-files.ts'
import { NativeError, assign, isCallable, isError, parse, type Callable } from './primordials.ts'
import { moduleName } from './protocol.ts'

// workerd's own `require` finds modules by their whole names; any file may be the one that asks.
const requireModule = createRequire('file:///sandbox.js')

/** The function around a script, new in every isolate and without effects until it is called. */
export function scriptFunction(path: string): Callable {
  const broken = brokenScript(path)
  if (broken !== undefined) throw syntaxError(path, broken.message, broken.line)
  if (path.endsWith('.node')) {
    const error = new NativeError(
      `${path}: cannot open shared object file: native addons do not run here`,
    )
    throw assign(error, { code: 'ERR_DLOPEN_FAILED' })
  }
  const script: unknown = isScript(path) ? requireModule(`.${moduleName(path)}`) : undefined
  if (isCallable(script)) return script
  throw new SyntaxError(`${path}: only UTF-8 files named .js, .cjs, .mjs or .json can be required`)
}

/** The function of `__module` that an ES module was made into. */
export function moduleFunction(path: string): Callable | undefined {
  const name = moduleScriptName(path)
  const script: unknown = name === undefined ? undefined : requireModule(`./${name}`)
  return isCallable(script) ? script : undefined
}

export function parseJsonFile(path: string): unknown {
  const text = bundleFiles.readText(path)
  try {
    return parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    if (isError(error)) error.message = `${path}: ${error.message}`
    throw error
  }
}

/** With the place of the error where the log shows places. */
function syntaxError(path: string, message: string, line: number | undefined): SyntaxError {
  const error = new SyntaxError(message)
  const [header, ...frames] = (error.stack ?? '').split('\n')
  const place = `    at ${path}${line === undefined ? '' : `:${line}`}`
  error.stack = [header, place, ...frames].join('\n')
  return error
}
