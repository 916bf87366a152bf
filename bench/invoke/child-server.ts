import { spawn } from 'node:child_process'
import { endGroup, until } from '../../test/support/local-gateway.ts'

interface Options {
  cwd: string
  /** Answers, whatever it answers, when the server serves. */
  port: number
  /** What it prints, piece by piece. */
  onOutput?: (text: string) => void
}

/** Starts a server in a process group of its own and waits until it serves. */
export async function startChild(
  command: string,
  args: string[],
  { cwd, port, onOutput }: Options,
) {
  const env = {
    ...process.env,
    X_LOCAL_EXPLORER: 'false',
    X_LOCAL_OBSERVABILITY: 'false',
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_SEND_METRICS: 'false',
    SLS_TELEMETRY_DISABLED: '1',
    SLS_NOTIFICATIONS_MODE: 'off',
  }
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let isStarting = true
  const note = (chunk: Buffer) => {
    const text = chunk.toString()
    if (isStarting) output += text
    onOutput?.(text)
  }
  child.stdout.on('data', note)
  child.stderr.on('data', note)
  const stop = () => endGroup(child, 'SIGTERM', port)
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`${command} ended:\n${output}`)
      return (await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)) !== undefined
    }, 60_000)
  } catch (error) {
    await stop()
    throw error
  }
  isStarting = false
  return { stop }
}
