import { join, resolve } from 'node:path'
import process from 'node:process'
import { logFault } from '../aws/log-fault.ts'
import { isLoopback } from '../aws/loopback-address.ts'
import { newRequestId } from '../aws/request-id.ts'
import { SETTING_NAMES, parseSettings, type Settings } from '../aws/settings.ts'
import { createApp } from '../gateway/app.ts'
import { denoPlatform } from '../platform/deno/deno-ports.ts'
import { httpServer } from '../platform/deno/http-server.ts'
import { processRunner } from '../platform/deno/process-runner.ts'

// The Deno edition: the whole gateway in one process, on one folder of data.

/** How long a gateway that is told to stop waits for requests, and then for functions. */
const REQUESTS_MILLISECONDS = 5000
const FUNCTIONS_MILLISECONDS = 10_000

const { HOST: hostname = '127.0.0.1', PORT = '8787', DATA_DIR = 'data' } = process.env
const port = Number(PORT)
const folder = resolve(DATA_DIR)
const now = () => Date.now()

async function start(): Promise<void> {
  const settings = settingsOfEnvironment()
  if (!isLoopback(hostname) && hasDevelopmentCredentials(settings)) {
    throw new Error(
      'With the development credentials the gateway listens on this machine only. To set HOST, set ' +
        'ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY and KEY_ENCRYPTION_SECRET as well.',
    )
  }
  const platform = await denoPlatform({
    folder,
    settings,
    now,
    newRunner: (host) =>
      processRunner({ ...host, settings, now, folder: join(folder, 'instances'), gateway: answer }),
  })
  const app = createApp(
    () => platform.ports,
    () => newRequestId(now(), crypto.randomUUID()),
  )

  /** What an answer promises is on the disk before it leaves. */
  async function answer(request: Request): Promise<Response> {
    const response = await app.fetch(request)
    await platform.synced()
    return response
  }

  const server = await httpServer({ hostname, port, answer })
  platform.start()
  note('listening', { url: `http://${hostname}:${port}`, data: folder })

  async function stop(signal: string): Promise<void> {
    note('stopping', { signal })
    await server.close(REQUESTS_MILLISECONDS)
    await platform.close(FUNCTIONS_MILLISECONDS)
    note('stopped', {})
    process.exit(0)
  }

  let stopping: Promise<void> | undefined
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stopping ??= stop(signal)
    })
  }
}

function settingsOfEnvironment(): Settings {
  const given = SETTING_NAMES.map((name) => [name, process.env[name]] as const)
  const variables: Record<string, string | undefined> = Object.fromEntries(
    given.filter(([, value]) => value !== undefined),
  )
  const ports = [port, ...(variables.GATEWAY_PORTS?.split(',') ?? [])]
  return parseSettings({ ...variables, GATEWAY_PORTS: ports.join(',') })
}

function hasDevelopmentCredentials({ rootAccessKeyId, rootSecretAccessKey, sealing }: Settings) {
  return [rootAccessKeyId, rootSecretAccessKey, sealing.current].includes('local')
}

function note(what: string, subject: object): void {
  console.log(JSON.stringify({ level: 'info', what, ...subject }))
}

process.on('unhandledRejection', (error) => logFault('unhandled rejection', {}, error))
start().catch((error: unknown) => {
  logFault('not started', {}, error instanceof Error ? error.message : error)
  process.exit(2)
})
