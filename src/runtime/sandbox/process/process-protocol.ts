import type { FunctionDescription, SandboxCall } from '../protocol.ts'

/** A call, as the gateway sends it to a process: of its function only what it does not know yet. */
export interface ProcessCall extends Omit<SandboxCall, keyof FunctionDescription> {
  description?: FunctionDescription
}

/**
 * What a function's process tells the gateway on its standard output: JSON between `FRAME_START`
 * and the end of the line. Whatever else stands there the function has written past the sandbox.
 */
export const FRAME_START = '\u0000'

export type Frame =
  /** It has started, and waits for its first call. */
  | { kind: 'ready' }
  | { kind: 'line'; text: string }
  /** The call has printed too much; the rest is left out. */
  | { kind: 'truncated' }
  | CallEnd

/** The call is over; all that it has printed was told before. */
export interface CallEnd {
  kind: 'end'
  /** JSON. */
  answer: string
  /** The process takes no other call. */
  isLast: boolean
  /** Within the process: what lies between it and the gateway has no part in it. */
  tookMilliseconds: number
}

/** What a call may print, as `outputLengthOf` counts it. */
export const MAX_OUTPUT_LENGTH = 256 * 1024
/** CloudWatch's, for an event of a log. Without it empty lines were free: 8 MB of them, 8 million events. */
const LINE_OVERHEAD = 26

/** What a line takes of that: its characters, and what it takes whatever it says. */
export function outputLengthOf(line: string): number {
  return line.length + LINE_OVERHEAD
}

/** In the folder of a process: the package's files, `/tmp`. */
export const TASK_FOLDER = 'task'
export const TEMPORARY_FOLDER = 'tmp'
/** What the package has, as `files` of `PackageIndex`; not there before the first call. */
export const INDEX_FILE = 'package-index.json'
/** The socket through which requests leave, and the header that tells where they go to. */
export const OUTBOUND_SOCKET = 'outbound.sock'
export const TARGET_HEADER = 'x-gateway-target'
/**
 * What `fetch` names in place of the target: it may name nothing else. To broadcast nobody can
 * connect, and what is no name cannot be resolved: a function could have a say in that (`LOCALDOMAIN`).
 */
export const FETCH_HOST = '255.255.255.255'
/** In an answer that no other server gave: why the request was not sent. */
export const REFUSAL_HEADER = 'x-gateway-refusal'

/** Beside the program: what the processes of all functions have in common. */
export const SCRIPT_PARSER_FILE = 'script-parser.js'

/** By these the gateway is told to end, and often all its processes with it: these let calls end first. */
export const IGNORED_SIGNALS = { SIGINT: 2, SIGTERM: 15 }
