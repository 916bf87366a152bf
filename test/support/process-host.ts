import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../src/gateway/app.ts'
import { processRunner, type ProcessRunner } from '../../src/platform/deno/process-runner.ts'
import { memoryPlatform } from '../../src/platform/memory/memory-ports.ts'
import { until } from './local-gateway.ts'
import type { RuntimeHost } from './runtime-host.ts'

/** The gateway with functions in processes of their own, and everything else in memory. */
export async function startProcessHost(variables: Record<string, string> = {}, more: object = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'functions-'))
  const now = () => Date.now()
  const late: { runner?: ProcessRunner } = {}
  const platform = memoryPlatform({
    now,
    runner: {
      run: async (invocation) =>
        (await late.runner?.run(invocation)) ?? { ran: false, reason: 'not started' },
    },
    variables,
  })
  const { ports } = platform
  const app = createApp(
    () => ports,
    () => ports.newId(),
  )
  const runner = await processRunner({
    settings: ports.settings,
    code: ports.code,
    identities: ports.identities,
    gateway: async (request) => app.fetch(request),
    logs: {
      append(logGroupName, part) {
        platform.appendLog(logGroupName, [part])
        return Promise.resolve()
      },
      isBehind: () => false,
    },
    folder,
    now,
    ...more,
  })
  late.runner = runner
  const alarms = setInterval(() => void platform.fireAlarms(), 5)
  return {
    ...ports,
    runner,
    folder,
    putCode: (codeKey, bytes) => ports.code.put(codeKey, new Blob([bytes]).stream(), bytes.length),
    async close() {
      clearInterval(alarms)
      await runner.close()
      // By another program, which may have much to do.
      const left = join(folder, 'discarded')
      await until(() => !existsSync(left) || readdirSync(left).length === 0)
      await rm(folder, { recursive: true, force: true })
    },
  } satisfies RuntimeHost & Record<string, unknown>
}
