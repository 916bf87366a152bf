import { execFileSync } from 'node:child_process'
import { isDenoEdition, type LocalGateway } from '../support/local-gateway.ts'
import { gatewayHeap } from './gateway-heap.ts'

/** In megabytes. */
export interface GatewayMemory {
  /** What the gateway's own JavaScript holds; unknown of the Deno edition, which has no inspector. */
  heap: number | undefined
  /** What is resident of the process that serves: workerd's, or the Deno edition's own. */
  server: number
  /** What is resident of all processes of the group, functions' included. */
  all: number
}

/** What a running gateway holds in memory now. */
export async function gatewayMemory(gateway: LocalGateway): Promise<GatewayMemory> {
  const rows = execFileSync('ps', ['-axo', 'pgid=,ppid=,rss=,comm='], { encoding: 'utf8' })
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([group]) => Number(group) === gateway.processGroup)
  const megabytes = (list: string[][]) =>
    Math.round(list.reduce((total, [, , kilobytes]) => total + Number(kilobytes), 0) / 1024)
  // Functions' processes are Deno's as well: the gateway's own is the one that the script started.
  const isServer = ([, parent, , command]: string[]) =>
    isDenoEdition ? Number(parent) === gateway.processGroup : command?.endsWith('workerd')
  return {
    heap: isDenoEdition ? undefined : await gatewayHeap(gateway),
    server: megabytes(rows.filter(isServer)),
    all: megabytes(rows),
  }
}
