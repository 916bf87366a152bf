import nodeProcess from 'node:process'
import type nodeStream from 'node:stream'
import { encodeAnswer } from '../answers.ts'
import { installBuiltins } from '../builtins.ts'
import {
  beginLoading,
  closeStreams,
  endLoading,
  installStandardStreams,
  openStreams,
} from '../console-lines.ts'
import { installEnvironment, setEnvironment, startAfresh } from '../fresh-process.ts'
import { callHandler } from '../handler.ts'
import type { ModuleLoader } from '../module-loader.ts'
import { bare, hasOwn, parse } from '../primordials.ts'
import { installProcess, prepareProcess, theProcess } from '../process.ts'
import type { FunctionDescription, SandboxAnswer, SandboxCall } from '../protocol.ts'
import { installUncaught, tellExit, uncaught } from '../uncaught.ts'
import { installWorkingDirectory } from '../working-directory.ts'
import { installFetch } from './fetch.ts'
import { guardModules } from './guarded-modules.ts'
import { readLine } from './input.ts'
import { lazily, requireModule } from './node-modules.ts'
import { beginOutput, send } from './output.ts'
import { IGNORED_SIGNALS, type ProcessCall } from './process-protocol.ts'
import { ownEnvironment } from './own-environment.ts'
import { removeGlobals } from './removed-globals.ts'
import { installStackFrames } from './stack-frames.ts'

// One process of a function: one call at a time, and what modules hold stays between calls. Between
// them the process waits in `readLine`, and nothing of it runs. When a call ended badly the process
// ends as well, and the next call has another one.

/** As it was told last. */
let description: FunctionDescription | undefined
let modules: ModuleLoader | undefined
let isRunning = false
let begunAtMilliseconds = 0
/** The first answer of the call in progress. */
let answer: SandboxAnswer | undefined
/** Loading is tried again, by a new process. */
let isLast = false

const leave = nodeProcess.reallyExit.bind(nodeProcess)
const nextTick = nodeProcess.nextTick.bind(nodeProcess)
const soon = queueMicrotask
const milliseconds = performance.now.bind(performance)

installStackFrames()
installStandardStreams()
installWorkingDirectory()
installUncaught(() => die())
installBuiltins()
guardModules()
installExit()
installOrigin()
installFetch()
installEnvironment()
installProcess()
addEventListener('beforeunload', ranDry)
theProcess()
removeGlobals()
send({ kind: 'ready' })
serve()

function serve(): void {
  const text = readLine()
  if (text === undefined) leave(0)
  else begin(callOf(parse(text) as ProcessCall)) // the gateway's own
}

/** Has members of its own only: an earlier call may have given others to all objects. */
function callOf(given: ProcessCall): SandboxCall {
  const { description: told, ...call } = bare(given)
  if (told !== undefined) {
    bare(told.environment)
    description = bare(told)
  }
  if (description === undefined) throw new TypeError('The first call has no description')
  return bare({ ...description, ...call })
}

function begin(call: SandboxCall): void {
  isRunning = true
  begunAtMilliseconds = milliseconds()
  answer = undefined
  beginOutput()
  beginLoading(modules === undefined ? call.loadingMark : undefined)
  setEnvironment(call.environment)
  modules ??= startAfresh()
  openStreams()
  try {
    callHandler(call, modules, settle)
  } catch (error) {
    uncaught(error)
  }
}

function settle(first: SandboxAnswer): void {
  if (hasOwn(first, 'log')) isLast = true
  if (answer !== undefined) return
  answer = first
  // The rest of the tick is still of the call, and so are the ticks and microtasks that it has
  // asked for; timers are not.
  soon(() => nextTick(() => soon(finish)))
}

function finish(): void {
  end()
  serve()
}

/** Tells the answer. What could not even be told has left the process unfit for another call. */
function end(): void {
  if (!isRunning) return
  isRunning = false
  closeStreams()
  send({
    kind: 'end',
    answer: encodeAnswer(answer ?? { kind: 'exited' }),
    isLast,
    tookMilliseconds: milliseconds() - begunAtMilliseconds,
  })
  if (isLast) leave(0)
}

function die(code: number | string | null | undefined = 1): void {
  isLast = true
  end()
  leave(Number(code ?? 0))
}

/** Nothing can call `done` any more. */
function ranDry(): void {
  if (!isRunning) return
  tellExit(nodeProcess.exitCode ?? 0)
  die(0)
}

function installExit(): void {
  prepareProcess((process) => {
    process.exit = (code?: number | string | null) => {
      tellExit(code ?? process.exitCode ?? 0)
      endLoading()
      die(code)
      throw new Error('unreachable: the process has ended')
    }
    process.abort = () => process.exit(134)
    const kill = process.kill.bind(process)
    process.kill = (pid, signal) => {
      const ends = pid === process.pid && isDeadly(process, signal ?? 'SIGTERM')
      return kill(pid, ends ? 'SIGKILL' : signal)
    }
  })
}

/** A process that sends itself what only the gateway's end makes it ignore wants to end. */
function isDeadly(process: NodeJS.Process, signal: string | number): boolean {
  return Object.entries(IGNORED_SIGNALS).some(
    ([name, number]) => (signal === name || signal === number) && process.listenerCount(name) === 0,
  )
}

/** What tells where a process comes from: Lambda's, as far as functions looked at it. */
function installOrigin(): void {
  prepareProcess((process) => {
    Object.assign(process, {
      env: ownEnvironment(process.env),
      argv: ['/usr/bin/node', '/var/runtime/node_modules/awslambda/index.js'],
      execArgv: [],
      execPath: '/usr/bin/node',
      // Functions of 2014 use what has been given up since, `new Buffer` above all.
      noDeprecation: true,
    })
    // By the real one the gateway sends calls.
    const stdin = lazily(() =>
      (requireModule('node:stream') as typeof nodeStream).Readable.from([]),
    )
    Object.defineProperty(process, 'stdin', { get: stdin, configurable: true })
  })
}
