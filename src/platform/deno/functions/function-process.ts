import { Buffer } from 'node:buffer'
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  OUTBOUND_SOCKET,
  TASK_FOLDER,
  TEMPORARY_FOLDER,
  type CallEnd,
  type Frame,
} from '../../../runtime/sandbox/process/process-protocol.ts'
import { CollectedOutput } from './call-output.ts'
import { ENVIRONMENT, processCommand, type ProcessFolders } from './process-command.ts'
import { readOutput } from './process-output.ts'
import type { Priorities } from './priorities.ts'
import { ProcessUsage } from './process-usage.ts'
import type { SystemShell } from './system-shell.ts'

/**
 * What may come of one call in all, its answer included. The sandbox prints less; a function that
 * writes past it, and more, is ended.
 */
const MAX_CALL_BYTES = 8 * 1024 * 1024
const START_LIMIT_MILLISECONDS = 20_000
/** The sandbox stands still between calls, but a function may have found out how to start threads. */
const FREEZE_AFTER_MILLISECONDS = 1000

/** A call that is over: by its end, or without one when the process has ended. */
export interface FinishedCall {
  end?: CallEnd
  output: CollectedOutput
}

interface RunningCall {
  output: CollectedOutput
  /** Of what was sent. */
  bytes: number
  finish: (finished: FinishedCall) => void
}

export interface ProcessOptions {
  folders: ProcessFolders
  memorySizeMegabytes: number
  now: () => number
  shell: Pick<SystemShell, 'usage' | 'signal'>
  priorities: Priorities
  /** Serves the requests that leave through this socket; resolves with what ends that. */
  listen: (socketPath: string) => Promise<() => void>
  /** Is rid of its folder. Cannot reject. */
  discard: (folder: string) => Promise<void>
}

/** One process, of no function until its first call. It takes one call at a time. */
export class FunctionProcess {
  readonly folder: string
  readonly memorySizeMegabytes: number
  /** Resolves when there is neither process nor folder; what was in it others remove later. */
  readonly ended: Promise<void>
  readonly #child: ChildProcessWithoutNullStreams
  readonly #now: () => number
  readonly #shell: ProcessOptions['shell']
  readonly #priorities: Priorities
  readonly #becomeReady = Promise.withResolvers<undefined>()
  #call: RunningCall | undefined
  #isOver = false
  #isReady = false
  /** What it has written since its last call began. */
  #bytes = 0
  #idleSinceMilliseconds = Infinity
  #isFrozen = false
  readonly #usage: ProcessUsage

  private constructor(options: ProcessOptions, stopListening: () => void) {
    this.folder = options.folders.own
    this.memorySizeMegabytes = options.memorySizeMegabytes
    this.#now = options.now
    this.#shell = options.shell
    this.#priorities = options.priorities
    const [command = '', ...args] = processCommand(options)
    const own = { cwd: this.folder, env: ENVIRONMENT }
    this.#child = spawn(command, args, { ...own, stdio: 'pipe' })
    const { pid = 0, stdin, stdout, stderr } = this.#child
    this.#priorities.begin(pid)
    this.#usage = new ProcessUsage({ ...options, pid })
    const read = { onText: (line: string) => this.#takeText(line) }
    this.#watch(stdout, readOutput({ ...read, onFrame: (frame) => this.#take(frame) }))
    this.#watch(stderr, readOutput({ ...read, onFrame: () => undefined }))
    // It may end while it is written to.
    stdin.on('error', () => undefined)
    this.ended = new Promise((resolve) => {
      const end = () => {
        stopListening()
        this.#finish()
        this.#becomeReady.reject(new Error('A process ended before it was ready'))
        void options.discard(this.folder).then(resolve)
      }
      this.#child.once('error', end)
      this.#child.once('close', end)
    })
  }

  /** Starts a process and waits until it can take a call. Rejects when it cannot be started. */
  static async start(options: ProcessOptions): Promise<FunctionProcess> {
    const { own } = options.folders
    for (const name of [TASK_FOLDER, TEMPORARY_FOLDER]) {
      await mkdir(join(own, name), { recursive: true })
    }
    const stopListening = await options.listen(join(own, OUTBOUND_SOCKET))
    const started = new FunctionProcess(options, stopListening)
    const tooLate = setTimeout(() => started.kill(), START_LIMIT_MILLISECONDS)
    await started.#becomeReady.promise.finally(() => clearTimeout(tooLate))
    return started
  }

  /** Whether it can take no more calls. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Whether it may run: it does for a while after its call, should it not stand still by itself. */
  get isAwake(): boolean {
    return !this.#isOver && !this.#isFrozen
  }

  /** Sends a call, as JSON. `kill` ends it, too. */
  call(text: string): Promise<FinishedCall> {
    const { promise, resolve } = Promise.withResolvers<FinishedCall>()
    const line = Buffer.from(`${text}\n`)
    const output = new CollectedOutput(this.#now)
    this.#call = { output, bytes: line.byteLength, finish: resolve }
    this.#bytes = 0
    this.#usage.callBegins()
    this.#thaw()
    if (this.#isOver) this.#finish()
    else this.#child.stdin.write(line)
    return promise
  }

  /** The most memory that it was seen to need so far, in megabytes, besides what it began with. */
  megabytes(): Promise<number> {
    return this.#usage.megabytes()
  }

  /** The same, when a call has just ended. */
  megabytesAfterCall(): Promise<number> {
    return this.#usage.megabytesAfterCall()
  }

  kill(): void {
    this.#isOver = true
    this.#child.kill('SIGKILL')
  }

  /** Has it stand still if its last call ended a while ago. To be called now and then. */
  freezeIfIdle(): void {
    const idleMilliseconds = this.#now() - this.#idleSinceMilliseconds
    if (!this.isAwake || idleMilliseconds < FREEZE_AFTER_MILLISECONDS) return
    this.#isFrozen = true
    this.#signal('STOP')
  }

  #thaw(): void {
    this.#idleSinceMilliseconds = Infinity
    if (this.#isFrozen) this.#signal('CONT')
    this.#isFrozen = false
  }

  #signal(signal: 'STOP' | 'CONT'): void {
    const { pid, exitCode, signalCode } = this.#child
    if (pid !== undefined && exitCode === null && signalCode === null) {
      this.#shell.signal(pid, signal)
    }
  }

  #watch(stream: NodeJS.ReadableStream, read: (chunk: Buffer) => void): void {
    stream.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.byteLength
      if (this.#bytes <= MAX_CALL_BYTES) read(chunk)
      else if (!this.#isOver) {
        if (this.#call !== undefined) this.#call.output.isTruncated = true
        this.kill()
      }
    })
  }

  /** Not by the sandbox, which would have left out what is too much: there is no end of it to wait for. */
  #takeText(line: string): void {
    const output = this.#call?.output
    output?.add(line)
    if (output?.isTruncated === true && !this.#isOver) this.kill()
  }

  #take(frame: Frame): void {
    switch (frame.kind) {
      case 'ready':
        void this.#getReady()
        break
      case 'line':
        this.#call?.output.add(frame.text)
        break
      case 'truncated':
        if (this.#call !== undefined) this.#call.output.isTruncated = true
        break
      case 'end':
        if (frame.isLast || this.#isForged()) this.kill()
        this.#finish(frame)
        break
    }
  }

  /**
   * Whether the sandbox cannot have told the end of a call: it tells that of each once, and has read
   * all calls before. A function that forged one without end would be awake for ever, without a call
   * and its Timeout, and one that forged it unread has the gateway keep what it does not read.
   */
  #isForged(): boolean {
    return this.#call === undefined || this.#child.stdin.writableLength > this.#call.bytes
  }

  /** Once: a function can forge this as well, and would have its turn whenever it liked. */
  async #getReady(): Promise<void> {
    if (this.#isReady) return
    this.#isReady = true
    await this.#usage.megabytes()
    if (this.#child.pid !== undefined) this.#priorities.takeTurn(this.#child.pid)
    this.#becomeReady.resolve(undefined)
  }

  #finish(end?: CallEnd): void {
    if (end === undefined) this.#isOver = true
    this.#idleSinceMilliseconds = this.#now()
    const call = this.#call
    this.#call = undefined
    call?.finish({ output: call.output, ...(end === undefined ? {} : { end }) })
  }
}
