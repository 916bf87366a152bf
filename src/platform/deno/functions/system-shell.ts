import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'

export const SHELL = '/bin/sh'
const PROGRAM = `while read -r what pid; do
  case "$what" in
    memory) if read -r line < "/proc/$pid/statm"; then echo "$line"; else echo; fi ;;
    *) kill "-$what" "$pid" ;;
  esac
done 2>/dev/null`
const PAGE_BYTES = 4096
const MEGABYTE = 1024 * 1024

/**
 * Does to processes what Deno lets nobody do who has not every permission there is (2.9.5): it reads
 * what `/proc` has on them, and sends them signals. The shell starts nothing for either.
 */
export class SystemShell {
  #shell: ChildProcessWithoutNullStreams | undefined
  /** In the order in which they asked, which is that of the answers. */
  readonly #asked: ((line: string) => void)[] = []

  /**
   * What a process holds for itself alone, in megabytes: without the pages of Deno's own program,
   * which all processes share. `undefined` where the system does not tell.
   */
  async privateMegabytes(pid: number): Promise<number | undefined> {
    const line = await new Promise<string>((resolve) => {
      this.#asked.push(resolve)
      this.#write(`memory ${pid}`)
    })
    const [, resident, shared] = line.split(' ').map(Number)
    if (resident === undefined || shared === undefined) return undefined
    return ((resident - shared) * PAGE_BYTES) / MEGABYTE
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
