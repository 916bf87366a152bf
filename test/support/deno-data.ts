import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseSettings } from '../../src/aws/settings.ts'
import { denoPlatform, type DenoPlatform } from '../../src/platform/deno/deno-ports.ts'
import type { FunctionRunner } from '../../src/ports/function-runner.ts'
import { scriptedRunner } from './scripted-runner.ts'

interface Options {
  folder: string
  runner?: FunctionRunner
  variables?: Record<string, string>
  now?: () => number
  maxBacklogBytes?: number
  maxOpenDatabases?: number
  /** Where a runner would end what still runs. */
  onClose?: () => void
}

/** The Deno edition's ports, in this process: they use nothing that only Deno has. */
export async function openDenoData(options: Options): Promise<DenoPlatform> {
  const { runner = scriptedRunner().runner, variables, now = Date.now, onClose, ...rest } = options
  const settings = parseSettings({
    ROOT_ACCESS_KEY_ID: 'local',
    ROOT_SECRET_ACCESS_KEY: 'local',
    KEY_ENCRYPTION_SECRET: 'local',
    REQUIRE_ROLES: 'false',
    ...variables,
  })
  const closable = { run: runner.run.bind(runner), close: () => Promise.resolve(onClose?.()) }
  const platform = await denoPlatform({
    ...rest,
    settings,
    now,
    newRunner: () => Promise.resolve(closable),
  })
  platform.start()
  return platform
}

export interface DataFolder extends AsyncDisposable {
  path: string
}

/** A folder that is gone when it is disposed of. */
export async function dataFolder(): Promise<DataFolder> {
  const path = await mkdtemp(join(tmpdir(), 'gateway-data-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
