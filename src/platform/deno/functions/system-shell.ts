import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'

export const SHELL = '/bin/sh'
const PROGRAM = `while read -r what pid; do
  case "$what" in
    usage) if read -r memory < "/proc/$pid/statm" && read -r state < "/proc/$pid/stat"
      then echo "$memory) $state"; else echo; fi ;;
    way) /usr/bin/renice -n 19 -p "$pid" > /dev/null ;;
    turn) /usr/bin/renice -n 0 -p "$pid" > /dev/null ;;
    *) kill "-$what" "$pid" ;;
  esac
done 2>/dev/null`
const PAGE_BYTES = 4096
const MEGABYTE = 1024 * 1024
/** Of processor time in `/proc`, on every Linux. */
const TICK_MILLISECONDS = 10

export interface Usage {
  /** What it holds for itself alone: without the pages of Deno's own program, which all share. */
  privateMegabytes: number
  cpuMilliseconds: number
}

/**
 * Does to processes what Deno lets nobody do who has not every permission there is (2.9.5): it reads
 * what `/proc` has on them, for which the shell starts nothing, and sends them signals.
 */
export class SystemShell {
  #shell: ChildProcessWithoutNullStreams | undefined
  /** In the order in which they asked, which is that of the answers. */
  readonly #asked: ((line: string) => void)[] = []

  /** What a process takes so far; `undefined` where the system does not tell. */
  async usage(pid: number): Promise<Usage | undefined> {
    const line = await new Promise<string>((resolve) => {
      this.#asked.push(resolve)
      this.#write(`usage ${pid}`)
    })
    // `statm`, and `stat` with the program's name in parentheses (proc(5)).
    const [memory = '', ...rest] = line.split(')')
    const [, resident, shared] = memory.split(' ').map(Number)
    const [userTicks, systemTicks] = (rest.at(-1) ?? '').split(' ').slice(12).map(Number)
    if (resident === undefined || shared === undefined) return undefined
    return {
      privateMegabytes: ((resident - shared) * PAGE_BYTES) / MEGABYTE,
      cpuMilliseconds: ((userTicks ?? 0) + (systemTicks ?? 0)) * TICK_MILLISECONDS,
    }
  }

  /** Others go first from now on, as far as the processor is concerned. */
  makeWay(pid: number): void {
    this.#write(`way ${pid}`)
  }

  /** In vain where the gateway's user may not, who is not root: then it makes way as long as it lives. */
  stopMakingWay(pid: number): void {
    this.#write(`turn ${pid}`)
  }

  /** Has a process stand still, or go on. */
  signal(pid: number, signal: 'STOP' | 'CONT'): void {
    this.#write(`${signal} ${pid}`)
  }

  /** What was asked is still done. */
  close(): void {
    this.#shell?.stdin.end()
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
