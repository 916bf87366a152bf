import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'

export const SHELL = '/bin/sh'
/** Of util-linux; nothing happens where it is missing. */
const CHRT = '/usr/bin/chrt'
const PROGRAM = `while read -r what pid; do
  case "$what" in
    usage)
      read -r memory < "/proc/$pid/statm" || memory=
      read -r time < "/proc/$pid/schedstat" || time=
      echo "$memory/$time" ;;
    idle) ${CHRT} --idle --pid 0 "$pid" >/dev/null ;;
    other) ${CHRT} --other --pid 0 "$pid" >/dev/null ;;
    *) kill "-$what" "$pid" ;;
  esac
done 2>/dev/null`
const PAGE_BYTES = 4096
const MEGABYTE = 1024 * 1024
const MILLISECONDS_PER_NANOSECOND = 1e-6

export interface Usage {
  /** What it holds for itself alone: without the pages of Deno's own program, which all share. */
  privateMegabytes: number
  /** Of its main thread, which is all that a function has. */
  cpuMilliseconds: number
}

/**
 * Does to processes what Deno lets nobody do who has not every permission there is (2.9.5): it reads
 * what `/proc` has on them, for which the shell starts nothing, sends them signals, and has others
 * go before them. What it reads is short: it does so byte by byte.
 */
export class SystemShell {
  #shell: ChildProcessWithoutNullStreams | undefined
  /** In the order in which they asked, which is that of the answers. */
  readonly #asked: ((line: string) => void)[] = []

  /** What a process takes so far; `undefined` where the system does not tell. */
  async usage(pid: number): Promise<Usage | undefined> {
    const line = await this.#ask(`usage ${pid}`)
    const [memory = '', time = ''] = line.split('/')
    const [, resident, shared] = memory.split(' ').map(Number)
    if (resident === undefined || shared === undefined) return undefined
    return {
      privateMegabytes: ((resident - shared) * PAGE_BYTES) / MEGABYTE,
      cpuMilliseconds: Number(time.split(' ')[0]) * MILLISECONDS_PER_NANOSECOND,
    }
  }

  /** Has a process stand still, or go on. */
  signal(pid: number, signal: 'STOP' | 'CONT'): void {
    this.#write(`${signal} ${pid}`)
  }

  /** How the processor is shared out: to `idle` ones only when no other can use it (sched(7)). */
  schedule(pid: number, policy: 'idle' | 'other'): void {
    this.#write(`${policy} ${pid}`)
  }

  /** What was asked is still done. */
  close(): void {
    this.#shell?.stdin.end()
  }

  #ask(line: string): Promise<string> {
    return new Promise((resolve) => {
      this.#asked.push(resolve)
      this.#write(line)
    })
  }

  #write(line: string): void {
    this.#shell ??= this.#start()
    this.#shell.stdin.write(`${line}\n`)
  }

  #start(): ChildProcessWithoutNullStreams {
    const shell = spawn(SHELL, ['-c', PROGRAM], { env: {}, stdio: 'pipe' })
    shell.stdin.on('error', () => undefined)
    createInterface({ input: shell.stdout }).on('line', (line) => this.#asked.shift()?.(line))
    const end = () => {
      if (this.#shell !== shell) return
      this.#shell = undefined
      for (const answer of this.#asked.splice(0)) answer('')
    }
    shell.once('error', end)
    shell.once('close', end)
    return shell
  }
}
