import { Buffer } from 'node:buffer'
import { join } from 'node:path'
import type { Settings } from '../../aws/settings.ts'
import type { CodeStore } from '../../ports/code-store.ts'
import type { FunctionRunner, RunResult } from '../../ports/function-runner.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import { roleCredentialIssuer } from '../../runtime/role-credentials.ts'
import { AllProcesses } from './functions/all-processes.ts'
import { CallLogs, type CallLogStore } from './functions/call-logs.ts'
import type { Lookup } from './functions/checked-address.ts'
import { DiscardedFolders } from './functions/discarded-folders.ts'
import { FunctionCalls } from './functions/function-calls.ts'
import { Instances } from './functions/instances.ts'
import { outboundServer } from './functions/outbound-server.ts'
import { systemPriorities } from './functions/priorities.ts'
import { writeProgram } from './functions/program-folder.ts'
import { SpareProcesses } from './functions/spare-processes.ts'
import { SystemShell } from './functions/system-shell.ts'
import { unpackPackage } from './functions/unpack-package.ts'

export interface ProcessRunnerOptions {
  settings: Settings
  code: Pick<CodeStore, 'get'>
  identities: Pick<IdentityStore, 'get'>
  /** Answers a function's request to a service that the gateway itself serves. */
  gateway: (request: Request) => Promise<Response>
  logs: CallLogStore
  /** Where the folders of instances are. It is emptied first; its path may have 80 bytes. */
  folder: string
  now: () => number
  /** How functions' requests resolve names: the system's way, if nothing is said. */
  lookup?: Lookup
  /** How many instances there may be, of all functions together; 64 if nothing is said. */
  maxInstances?: number
  /** How many processes wait for a function's first call; 2 if nothing is said. */
  spareProcesses?: number
}

export interface ProcessRunner extends FunctionRunner {
  /** Ends all processes, and resolves when none is left and all logs are written. Cannot reject. */
  close(): Promise<void>
}

const DEFAULT_MEMORY_MEGABYTES = 128
const REAP_MILLISECONDS = 10_000
const REFILL_MILLISECONDS = 100
/** A function that the gateway ended is not to blame. */
const BROKEN_OFF: RunResult = { ran: false, reason: 'The gateway closed' }

/** Of sockets systems allow 107, and theirs end in `/NUMBER/outbound.sock`. */
const MAX_FOLDER_BYTES = 80

/**
 * Runs functions in processes of their own, by Deno, one for each instance. Rejects, in words for
 * the operator, when the folder's path is too long.
 */
export async function processRunner(options: ProcessRunnerOptions): Promise<ProcessRunner> {
  const { settings, code, now, maxInstances = 64, spareProcesses = 2 } = options
  const cores = Math.max(navigator.hardwareConcurrency, 2)
  const folders = await DiscardedFolders.empty(options.folder)
  const { folder } = folders
  const bytes = Buffer.byteLength(folder)
  if (bytes > MAX_FOLDER_BYTES) {
    throw new Error(
      `The path ${folder} has ${bytes} bytes. Sockets lie in it, so it may have ${MAX_FOLDER_BYTES}: ` +
        `take a data folder with a shorter one`,
    )
  }
  const program = join(folder, 'program')
  await writeProgram(program)

  const listen = outboundServer(options)
  const shell = new SystemShell()
  const priorities = systemPriorities(shell)
  const discard = (path: string) => folders.discard(path)
  const own = { folder, program, discard }
  const processes = new AllProcesses({ ...own, now, shell, priorities, listen })
  const spares = new SpareProcesses((size) => processes.start(size), spareProcesses)
  const instances = new Instances({ maxInstances, cores, now })
  const logs = new CallLogs(options.logs)
  const calls = new FunctionCalls({ settings, now, logs, instances })
  const credentialsOf = roleCredentialIssuer()
  for (let count = 0; count < spareProcesses; count++) spares.add(DEFAULT_MEMORY_MEGABYTES)
  const reaping = setInterval(() => instances.reap(), REAP_MILLISECONDS)
  reaping.unref()
  let isClosing = false

  return {
    async run(invocation) {
      const { record } = invocation
      const { ConfigurationId, MemorySize } = record.configuration
      try {
        // First: an instance that was taken is given back by its call only.
        const credentials = await credentialsOf(options, record.configuration)
        const instance = await instances.take(ConfigurationId, async () => {
          const process = await spares.take(MemorySize)
          // Not at once: it would take the time of the call that this is for.
          setTimeout(() => spares.add(MemorySize), REFILL_MILLISECONDS).unref()
          try {
            await unpackPackage(code, record.codeKey, process.folder)
          } catch (error) {
            process.kill()
            throw error
          }
          return process
        })
        const result = await calls.run(instance, invocation, credentials)
        return isClosing && result.ran && result.outcome.kind === 'exited' ? BROKEN_OFF : result
      } catch (error) {
        return isClosing ? BROKEN_OFF : { ran: false, reason: String(error) }
      }
    },
    async close() {
      isClosing = true
      clearInterval(reaping)
      await processes.close()
      calls.close()
      await logs.close()
      shell.close()
      await folders.close()
    },
  }
}
