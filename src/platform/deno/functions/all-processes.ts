import { join } from 'node:path'
import { FunctionProcess, type ProcessOptions } from './function-process.ts'

type Options = Pick<ProcessOptions, 'now' | 'shell' | 'priorities' | 'listen' | 'discard'> & {
  /** Where each process gets a folder of its own. */
  folder: string
  program: string
}

/** Starts processes, and knows all that there are. */
export class AllProcesses {
  readonly #options: Options
  readonly #starting = new Set<Promise<FunctionProcess>>()
  readonly #alive = new Set<FunctionProcess>()
  #started = 0
  #isClosed = false

  constructor(options: Options) {
    this.#options = options
  }

  /** Rejects when no process can be started, or none may any more. */
  async start(memorySizeMegabytes: number): Promise<FunctionProcess> {
    const { folder, program, ...options } = this.#options
    if (this.#isClosed) throw new Error('The gateway is closing')
    const folders = { own: join(folder, String(++this.#started)), program }
    const starting = FunctionProcess.start({ ...options, folders, memorySizeMegabytes })
    this.#starting.add(starting)
    try {
      const process = await starting
      this.#alive.add(process)
      void process.ended.then(() => this.#alive.delete(process))
      return process
    } finally {
      this.#starting.delete(starting)
    }
  }

  /** Ends all, and resolves when nothing is left of them. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.allSettled(this.#starting)
    for (const process of this.#alive) process.kill()
    await Promise.all(Array.from(this.#alive, (process) => process.ended))
  }
}
