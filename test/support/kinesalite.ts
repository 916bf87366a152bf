import { spawn } from 'node:child_process'
import { freePort, until } from './local-gateway.ts'

export interface Kinesalite {
  url: string
  stop(): Promise<void>
}

/** Another Kinesis on a free port, in a process of its own, with its records in memory. */
export async function startKinesalite(): Promise<Kinesalite> {
  const port = await freePort()
  const options = ['--createStreamMs', '0', '--deleteStreamMs', '0', '--shardLimit', '1000']
  const args = ['node_modules/kinesalite/cli.js', '--port', String(port), ...options]
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  let errors = ''
  server.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const url = `http://127.0.0.1:${port}`
  await until(async () => {
    if (server.exitCode !== null) throw new Error(`kinesalite ended:\n${errors}`)
    return (await fetch(url, { method: 'POST' }).catch(() => undefined)) !== undefined
  }, 30_000)
  return {
    url,
    async stop() {
      server.kill()
      await ended
    },
  }
}
