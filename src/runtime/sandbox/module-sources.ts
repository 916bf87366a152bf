import { createRequire } from 'node:module'
import { brokenScript, bundleFiles, isScript } from './bundle-files.ts'
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
  throw new SyntaxError(`${path}: only UTF-8 files named .js, .cjs or .json can be required`)
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

/** As Node shows it: place and source line above the error. */
function syntaxError(path: string, message: string, line: number | undefined): SyntaxError {
  const error = new SyntaxError(message)
  const source = line === undefined ? '' : bundleFiles.readText(path).split('\n')[line - 1]
  const place = line === undefined ? path : `${path}:${line}\n${source ?? ''}`
  error.stack = `${place}\n\n${error.stack ?? ''}`
  return error
}
