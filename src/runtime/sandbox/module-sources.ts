import { bundleFiles, esModule, isScript, ownText } from './bundle-files.ts'
import { NativeError, assign, isCallable, isError, parse, type Callable } from './primordials.ts'
import { requireModule } from './node-modules.ts'
import { SCRIPT_PARSER, SCRIPT_PREFIX, SCRIPT_SUFFIX, moduleName } from './protocol.ts'
import type * as ScriptParser from './script-parser.ts'

/** The function around a script, new in every isolate and without effects until it is called. */
export function scriptFunction(path: string): Callable {
  if (path.endsWith('.node')) {
    const error = new NativeError(
      `${path}: cannot open shared object file: native addons do not run here`,
    )
    throw assign(error, { code: 'ERR_DLOPEN_FAILED' })
  }
  const script: unknown = isScript(path) ? compiled(path) : undefined
  if (isCallable(script)) return script
  throw new SyntaxError(`${path}: only UTF-8 files named .js, .cjs, .mjs or .json can be required`)
}

function compiled(path: string): unknown {
  try {
    return requireModule(`.${moduleName(path)}`)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // V8 keeps the place to itself. The parser is as large as the sandbox, and seldom needed.
    const { errorLine } = requireModule(`./${SCRIPT_PARSER}`) as typeof ScriptParser
    const source = ownText(path)
    const line = errorLine(source, SCRIPT_PREFIX + source + SCRIPT_SUFFIX)
    throw syntaxError(path, error.message, line)
  }
}

/** The function of `__module` that an ES module was made into. */
export function moduleFunction(path: string): Callable | undefined {
  const module = esModule(path)
  if (module?.kind === 'broken') throw syntaxError(path, module.message, module.line)
  return isCallable(module?.exports) ? module.exports : undefined
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
