import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../test/support/local-gateway.ts'
import { startChild } from './child-server.ts'
import { startsIn, type Server } from './server.ts'

const FOLDER = join(import.meta.dirname, 'serverless-offline')

/** serverless-offline's InvokeAsync. It and serverless are installed when they are missing. */
export async function startServerlessOffline(): Promise<Server> {
  if (!existsSync(join(FOLDER, 'node_modules'))) {
    console.log('installing serverless-offline, once')
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: FOLDER })
  }
  const [port, httpPort] = [await freePort(), await freePort()]
  const ports = ['--lambdaPort', String(port), '--httpPort', String(httpPort)]
  const args = ['offline', 'start', '--host', '127.0.0.1', ...ports]
  const command = join(FOLDER, 'node_modules/.bin/serverless')
  const pieces: string[] = []
  const onOutput = (text: string) => void pieces.push(text)
  const child = await startChild(command, args, { cwd: FOLDER, port, onOutput })
  const started = new Map<number, number>()
  let completed = 0
  let begun = ''

  /** Only when somebody asks: while events are sent, the load has other things to do. */
  function read(): void {
    const lines = (begun + pieces.splice(0).join('')).split('\n')
    begun = lines.pop() ?? ''
    completed += lines.filter((line) => line.includes('Billed Duration: ')).length
    for (const [n, at] of startsIn(lines.join('\n'))) started.set(n, at)
  }

  const url = `http://127.0.0.1:${port}/2014-11-13/functions/load/invoke-async/`
  return {
    name: 'serverless-offline',
    promise: 'nothing is kept or tried again; answers before it runs; checks no signature',
    requests: (numbers) =>
      Promise.resolve(numbers.map((n) => ({ url, headers: {}, body: JSON.stringify({ n }) }))),
    completed() {
      read()
      return Promise.resolve(completed)
    },
    starts() {
      read()
      return Promise.resolve(started)
    },
    stop: child.stop,
  }
}
