/** What a call tells of its function, the same for every event. */
export interface FunctionDescription {
  functionName: string
  functionArn: string
  handler: string
  memorySizeMegabytes: number
  logGroupName: string
  logStreamName: string
  environment: Record<string, string>
}

/** One call of a function, as the gateway sends it: the request body, as JSON. */
export interface SandboxCall extends FunctionDescription {
  requestId: string
  /**
   * Part of the line that is printed once the function's modules are loaded, on a cold start, and
   * parts their lines from those of the call. Random, so that no function can print it before.
   */
  loadingMark: string
  /** The event as JSON text. */
  event: string
  /** Epoch milliseconds at which Timeout strikes. */
  deadlineMilliseconds: number
  /** Until then the instance answers `busy` to other calls, unless this call ends earlier. */
  busyUntilMilliseconds: number
}

/** Never shown in a log; only the terminal of `wrangler dev` prints whatever an isolate prints. */
export function loadedLine(loadingMark: string): string {
  return `Modules loaded (${loadingMark})`
}

/**
 * The response header that has an answer which is short and plain. Others are the body, and to read
 * a body takes the gateway as long again as the rest of a warm call (measured: 0.5 ms).
 */
export const ANSWER_HEADER = 'answer'
export const MAX_HEADER_LENGTH = 1024

/**
 * An answer's status is all that a tail worker sees of it: enough to log a call that went well. One
 * that has no body, which 204 says, need not be read.
 */
export const SUCCEEDED_STATUS = 200
export const SUCCEEDED_SHORTLY_STATUS = 204
export const UNSUCCESSFUL_STATUS = 500

/** What came of a call, as JSON. */
export type SandboxAnswer =
  | { kind: 'busy' }
  /** `result` is JSON text; a longer one than anybody looks at is left out. */
  | { kind: 'succeeded'; result?: string }
  | {
      kind: 'failed'
      /** `null` when the function failed with nothing. */
      errorMessage: string | null
      errorType?: string
      /** As V8 writes it. */
      stack?: string
      /** What the log has in place of the error's JSON: the handler could not be called. */
      log?: string
    }
  | { kind: 'exited' }

/** An answer's texts end here: an RPC takes 32 MiB, and nobody reads as much of an error. */
export const MAX_TEXT_LENGTH = 65_536

/** What stands around a user's script in its `{ cjs }` module. */
export const SCRIPT_PREFIX = 'module.exports=function(exports,require,module,__filename,__dirname){'
export const SCRIPT_SUFFIX = '\n}'

/**
 * The module name of a user's file. workerd reads module names as URLs when it shows them in
 * `node:fs`: `#` and `?` cut a name off there, `%41` and `A` are one name, and two names that meet
 * in this way make every access to the file system fail with "internal error".
 */
export function moduleName(path: string): string {
  return path.replace(/[~%#?\\\u0000-\u001f\u007f]/g, (character) => {
    return `~${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}

/** The path that `moduleName` was given. */
export function pathOfModule(name: string): string {
  return name.replace(/~([0-9a-f]{2})/g, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  )
}

/**
 * What stands around an ES module, rewritten as a script, and where workerd has that: its own file
 * stays as it is.
 */
export const MODULE_PREFIX = 'module.exports=function(__module){'
export const MODULES_FOLDER = 'modules/'

/** Module that tells what the package has, by absolute paths. */
export const PACKAGE_INDEX = 'gateway/package.json'
export interface PackageIndex {
  /** A script is kept as the text of a module around it, all other files as they are. */
  files: Record<string, 'script' | 'module' | 'data'>
  broken: BrokenModules
}

/** What is wrong with an ES module that does not parse. */
export interface BrokenModule {
  message: string
  line?: number
}
/** An ES module as the program has it: by what its script exports. */
export type EsModule = { kind: 'exports'; exports: unknown } | ({ kind: 'broken' } & BrokenModule)
export type BrokenModules = Record<string, BrokenModule | undefined>

/** Module through which `process` can be had late: workerd's `require` does not know that one. */
export const PROCESS_MODULE = 'gateway/process.js'
export const PROCESS_SOURCE = `export { default } from 'node:process'`

/** Module that tells where a script does not parse: `script-parser.ts`. */
export const SCRIPT_PARSER = 'gateway/script-parser.js'
