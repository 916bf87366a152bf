import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../test/support/local-gateway.ts'
import { startChild } from './child-server.ts'
import type { Server } from './server.ts'

const FOLDER = join(import.meta.dirname, 'bare-queue')

/** A Worker that sends what it is sent into a queue, and notes what comes out of it. */
export async function startBareQueue(): Promise<Server> {
  const [port, inspectorPort] = [await freePort(), await freePort()]
  const state = await mkdtemp(join(tmpdir(), 'bare-queue-'))
  const args = ['dev', '--port', String(port), '--inspector-port', String(inspectorPort)]
  const child = await startChild('wrangler', [...args, '--persist-to', state], {
    cwd: FOLDER,
    port,
  })
  const url = `http://127.0.0.1:${port}/`
  const starts = async () =>
    new Map((await (await fetch(url)).json()) as [n: number, atMilliseconds: number][])
  return {
    name: 'bare Queue.send',
    promise: 'in the queue; runs no function, checks no signature',
    requests: (numbers) =>
      Promise.resolve(numbers.map((n) => ({ url, headers: {}, body: JSON.stringify({ n }) }))),
    completed: async () => Number(await (await fetch(`${url}count`)).text()),
    starts,
    async stop() {
      await child.stop()
      await rm(state, { recursive: true, force: true })
    },
  }
}
