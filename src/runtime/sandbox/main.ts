import { WorkerEntrypoint } from 'cloudflare:workers'
import process from 'node:process'
import { encodeAnswer, stackLines } from './answers.ts'
import { installBuiltins } from './builtins.ts'
import {
  beginLoading,
  closeStreams,
  endLoading,
  installStandardStreams,
  openStreams,
} from './console-lines.ts'
import { setEnvironment, startAfresh } from './fresh-process.ts'
import { callHandler } from './handler.ts'
import type { ModuleLoader } from './module-loader.ts'
import { NativePromise, NativeResponse, now, parse } from './primordials.ts'
import { PROCESS_EXITED, type SandboxAnswer, type SandboxCall } from './protocol.ts'
import { installStackFrames } from './stack-frames.ts'
import { installUncaught, uncaught } from './uncaught.ts'
import { installWorkingDirectory } from './working-directory.ts'

interface Running {
  /** The call's URL, which names request and attempt. */
  url: string
  busyUntilMilliseconds: number
  settle(answer: SandboxAnswer): void
}

/** The call in progress; one that was cut off stays here until its end is told or its deadline. */
let running: Running | undefined
/** The modules of the process that calls share while all goes well. */
let modules: ModuleLoader | undefined

installStackFrames()
installStandardStreams()
installWorkingDirectory()
installUncaught(exited)
installBuiltins()

const exit = process.exit.bind(process)
process.exit = (code?: number | string | null) => {
  // The request ends here with an error that names process.exit.
  closeStreams()
  endLoading()
  running = undefined
  modules = undefined
  return exit(code)
}

/** One instance of a function: one call at a time, and what modules hold stays between calls. */
export class Instance extends WorkerEntrypoint {
  override async fetch(request: Request): Promise<Response> {
    if (request.method === 'GET') return new NativeResponse(null)
    if (request.method === 'DELETE') return forget(request.url)
    const call = parse(await request.text()) as SandboxCall // the gateway's own request
    return new NativeResponse(await answerOf(call, request.url))
  }
}

/** A call was ended from outside, which the instance cannot see: the next one starts afresh. */
function forget(url: string): Response {
  if (running?.url === url) {
    running = undefined
    modules = undefined
  }
  return new NativeResponse(null)
}

async function answerOf(call: SandboxCall, url: string): Promise<string> {
  if (running !== undefined) {
    if (now() < running.busyUntilMilliseconds) return encodeAnswer({ kind: 'busy' })
    modules = undefined
  }
  let settle: (answer: SandboxAnswer) => void = () => undefined
  const settled = new NativePromise<string>((resolve) => {
    settle = (answer) => resolve(encodeAnswer(answer))
  })
  const mine: Running = { url, busyUntilMilliseconds: call.busyUntilMilliseconds, settle }
  running = mine
  beginLoading(modules === undefined ? call.loadingMark : undefined)
  modules ??= startAfresh()
  setEnvironment(call.environment)
  openStreams()
  try {
    callHandler(call, modules, settle)
  } catch (error) {
    endLoading()
    uncaught(error)
  }
  const answer = await settled
  // The rest of the tick runs on after the response, microtasks included; timers do not (measured).
  closeStreams()
  if (running === mine) running = undefined
  return answer
}

function exited(error: unknown): void {
  modules = undefined
  const stackTrace = stackLines(error)
  running?.settle({
    kind: 'exited',
    errorMessage: PROCESS_EXITED,
    ...(stackTrace === undefined ? {} : { stackTrace }),
  })
}
