import { WorkerEntrypoint } from 'cloudflare:workers'
import { encodeAnswer } from './answers.ts'
import { installBuiltins } from './builtins.ts'
import {
  beginLoading,
  closeStreams,
  endLoading,
  installStandardStreams,
  openStreams,
} from './console-lines.ts'
import { installEnvironment, setEnvironment, startAfresh } from './fresh-process.ts'
import { callHandler } from './handler.ts'
import { forgetFiles, keepFiles, restoreFiles } from './kept-files.ts'
import type { ModuleLoader } from './module-loader.ts'
import {
  NativePromise,
  bare,
  bodyOf,
  hasOwn,
  isPrintableAscii,
  methodOf,
  now,
  parse,
  respond,
  steady,
  urlOf,
} from './primordials.ts'
import { installProcess, prepareProcess } from './process.ts'
import {
  ANSWER_HEADER,
  MAX_HEADER_LENGTH,
  SUCCEEDED_SHORTLY_STATUS,
  SUCCEEDED_STATUS,
  UNSUCCESSFUL_STATUS,
  type SandboxAnswer,
  type SandboxCall,
} from './protocol.ts'
import { installStackFrames } from './stack-frames.ts'
import { ProcessEnd, installUncaught, tellExit, uncaught } from './uncaught.ts'
import { installWorkingDirectory } from './working-directory.ts'

interface Running {
  /** The call's URL, which names request and attempt. */
  url: string
  busyUntilMilliseconds: number
  isSettled: boolean
  /** Takes the first answer and ignores the others. */
  settle: (answer: SandboxAnswer) => void
}

const EXITED: SandboxAnswer = bare({ kind: 'exited' })

/** The call in progress; one that was cut off stays here until its end is told or its deadline. */
let running: Running | undefined
/** The modules of the process that calls share while all goes well. */
let modules: ModuleLoader | undefined

installStackFrames()
installStandardStreams()
installWorkingDirectory()
installUncaught(died)
installBuiltins()
installExit()
// The last: it remembers what the others have made of `process`.
installEnvironment()
installProcess()

/** One instance of a function: one call at a time, and what modules hold stays between calls. */
export class Instance extends WorkerEntrypoint {
  override async fetch(request: Request): Promise<Response> {
    try {
      switch (methodOf(request)) {
        case 'GET':
          return respond(null)
        case 'DELETE':
          return forget(urlOf(request))
        default: {
          const call = parse(await bodyOf(request)) as SandboxCall // the gateway's own request
          return respondWith(await steady(answerOf(call, urlOf(request))))
        }
      }
    } catch {
      // User code has broken what even the sandbox stands on.
      ended()
      return respondWith(EXITED)
    }
  }
}

function respondWith(answer: SandboxAnswer): Response {
  const text = encodeAnswer(answer)
  const isSuccess = answer.kind === 'succeeded'
  return text.length <= MAX_HEADER_LENGTH && isPrintableAscii(text)
    ? respond(null, isSuccess ? SUCCEEDED_SHORTLY_STATUS : UNSUCCESSFUL_STATUS, {
        [ANSWER_HEADER]: text,
      })
    : respond(text, isSuccess ? SUCCEEDED_STATUS : UNSUCCESSFUL_STATUS)
}

/** A call was ended from outside, which the instance cannot see: the next one starts afresh. */
function forget(url: string): Response {
  if (running?.url === url) ended()
  return respond(null)
}

async function answerOf(call: SandboxCall, url: string): Promise<SandboxAnswer> {
  if (running !== undefined) {
    if (now() < running.busyUntilMilliseconds) return bare({ kind: 'busy' })
    modules = undefined
  }
  const { mine, answer } = begin(call, url)
  running = mine
  beginLoading(modules === undefined ? call.loadingMark : undefined)
  if (modules === undefined) forgetFiles()
  setEnvironment(call.environment)
  modules ??= startAfresh()
  restoreFiles()
  openStreams()
  try {
    callHandler(call, modules, mine.settle)
  } catch (error) {
    uncaught(error)
  }
  const given = await steady(answer)
  // The rest of the tick runs on after the response, microtasks included; timers do not (measured).
  closeStreams()
  if (isAlive()) keepFiles()
  if (running === mine) running = undefined
  return given
}

function begin(call: SandboxCall, url: string) {
  let resolve: (answer: SandboxAnswer) => void = () => undefined
  const answer = new NativePromise<SandboxAnswer>((given) => {
    resolve = given
  })
  const mine: Running = {
    url,
    busyUntilMilliseconds: call.busyUntilMilliseconds,
    isSettled: false,
    settle: (first) => {
      // Loading is tried again, by a new process.
      if (hasOwn(first, 'log')) modules = undefined
      if (mine.isSettled) return
      mine.isSettled = true
      // Without a `then`, whatever user code has given to all objects.
      resolve(bare(first))
    },
  }
  return { mine, answer }
}

/** Whether the next call goes on with the modules of this one. */
function isAlive(): boolean {
  return modules !== undefined
}

function ended(): void {
  running = undefined
  modules = undefined
}

function died(): void {
  modules = undefined
  running?.settle({ kind: 'exited' })
}

function installExit(): void {
  prepareProcess((process) => {
    const exit = process.exit.bind(process)
    process.exit = (code?: number | string | null) => {
      tellExit(code ?? process.exitCode ?? 0)
      closeStreams()
      endLoading()
      if (running?.isSettled === true) {
        // The call has its answer, which the platform's own `exit` would take back.
        modules = undefined
        throw new ProcessEnd('process.exit')
      }
      ended()
      // The request ends here with an error that names process.exit.
      return exit(code)
    }
    process.abort = () => process.exit(134)
  })
}
