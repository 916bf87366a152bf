import { spawn, type ChildProcess, type SpawnOptionsWithStdioTuple } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export interface LocalGateway {
  url: string
  port: number
  /** Ports that functions may never reach, whatever they are allowed besides. */
  inspectorPort: number
  /** The process group that the server and all that it starts are in. */
  processGroup: number
  /** What the server printed, or the end of it: `wrangler dev` repeats all that functions print. */
  output(): string
  /** Ends the server's process group and sees the port refuse. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

interface Options {
  variables?: Record<string, string>
  /** Kept after `stop` when given; else a folder of the test's own. */
  persistTo?: string
  /** For what only one edition has. */
  edition?: 'workers' | 'deno'
}

const MAX_OUTPUT_LENGTH = 8 * 1024 * 1024

/**
 * Below those that the system gives to whoever asks for any (ip(7), `ip_local_port_range`): one of
 * these could be a connection's before the server that it was found for listens. Above 10080, which
 * `fetch` refuses.
 */
const LOWEST_PORT = 11_000
const PORTS = 21_000

/** Which edition the tests of a running gateway start: `npm test` goes through them once for each. */
export const isDenoEdition = process.env.GATEWAY_EDITION === 'deno'

/**
 * Starts the gateway on a free port, in a process group of its own, and waits until it serves:
 * `npm start`, or the Deno edition where GATEWAY_EDITION says so. Where GATEWAY_URL names one that
 * runs already, that is the one, unless it would have to be started in some way.
 */
export async function startGateway(options: Options = {}): Promise<LocalGateway> {
  const running = process.env.GATEWAY_URL
  const asksForItsOwn = options.variables ?? options.persistTo ?? options.edition
  if (running !== undefined && asksForItsOwn === undefined) return alreadyRunning(running)
  const [port, inspectorPort] = [await freePort(), await freePort()]
  const folder = options.persistTo ?? (await mkdtemp(join(tmpdir(), 'gateway-')))
  const { edition = isDenoEdition ? 'deno' : 'workers' } = options
  const start = edition === 'deno' ? startDeno : startWorkerd
  const server = start({ port, inspectorPort, folder, variables: options.variables ?? {} })
  let output = ''
  const note = (chunk: Buffer) => {
    output += chunk.toString()
    if (output.length > 2 * MAX_OUTPUT_LENGTH) output = output.slice(-MAX_OUTPUT_LENGTH)
  }
  server.stdout.on('data', note)
  server.stderr.on('data', note)
  const url = `http://127.0.0.1:${port}`
  const gateway: LocalGateway = {
    url,
    port,
    inspectorPort,
    processGroup: server.pid ?? 0,
    output: () => output,
    async stop(signal = 'SIGTERM') {
      await endGroup(server, signal, port)
      if (options.persistTo === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    await until(async () => {
      if (server.exitCode !== null) throw new Error(`The gateway ended:\n${output}`)
      const response = await fetch(`${url}/healthz`).catch(() => undefined)
      return response?.ok === true
    }, 60_000)
  } catch (error) {
    await gateway.stop('SIGKILL')
    throw error
  }
  return gateway
}

function alreadyRunning(url: string): LocalGateway {
  const port = Number(new URL(url).port)
  const stop = () => Promise.resolve()
  return { url, port, inspectorPort: port, processGroup: 0, output: () => '', stop }
}

interface Start {
  port: number
  inspectorPort: number
  folder: string
  variables: Record<string, string>
}

const IN_A_GROUP: SpawnOptionsWithStdioTuple<'ignore', 'pipe', 'pipe'> = {
  detached: true,
  stdio: ['ignore', 'pipe', 'pipe'],
}

function startWorkerd({ port, inspectorPort, folder, variables }: Start) {
  const args = ['start', '--', '--port', String(port), '--inspector-port', String(inspectorPort)]
  const given = Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}:${value}`])
  return spawn('npm', [...args, '--persist-to', folder, ...given], IN_A_GROUP)
}

/** As `npm run start:deno`, without building once more what another test's gateway may be reading. */
function startDeno({ port, folder, variables }: Start) {
  const env = { ...process.env, PORT: String(port), DATA_DIR: folder, ...variables }
  return spawn('node', ['scripts/start-deno.ts'], { ...IN_A_GROUP, env })
}

/** Ends a server with all that it started, and sees its port refuse. */
export async function endGroup(
  server: ChildProcess,
  signal: NodeJS.Signals,
  port: number,
): Promise<void> {
  const group = server.pid
  if (group === undefined) return
  signalGroup(group, signal)
  const isGone = () => until(async () => !isAlive(group) && (await isRefused(port)), 15_000)
  await isGone().catch(async () => {
    signalGroup(group, 'SIGKILL')
    await isGone()
  })
}

function signalGroup(group: number, signal: NodeJS.Signals | 0): void {
  try {
    process.kill(-group, signal)
  } catch {
    // The group is gone already.
  }
}

function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0)
    return true
  } catch {
    return false
  }
}

async function isRefused(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined)
  return response === undefined
}

/** Waits for a condition, looking again every few milliseconds; rejects after `limit`. */
export async function until(
  condition: () => Promise<boolean> | boolean,
  limitMilliseconds = 90_000,
): Promise<void> {
  const giveUpAt = performance.now() + limitMilliseconds
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`Still not so: ${condition.toString()}`)
    await wait(10)
  }
}

export async function freePort(): Promise<number> {
  const port = LOWEST_PORT + Math.floor(Math.random() * PORTS)
  const server = createServer().listen(port, '127.0.0.1')
  const isFree = await once(server, 'listening').then(
    () => true,
    () => false,
  )
  await new Promise((resolve) => server.close(resolve))
  return isFree ? port : freePort()
}
