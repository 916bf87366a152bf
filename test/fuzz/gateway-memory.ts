import { execFileSync } from 'node:child_process'
import type { LocalGateway } from '../support/local-gateway.ts'
import { gatewayHeap } from './gateway-heap.ts'

/** In megabytes. */
export interface GatewayMemory {
  /** What the gateway's own JavaScript holds. */
  heap: number
  /** What is resident of all processes of the server. */
  all: number
  /** Of those, workerd's. */
  workerd: number
}

/** What a running gateway holds in memory now. */
export async function gatewayMemory(gateway: LocalGateway): Promise<GatewayMemory> {
  const rows = execFileSync('ps', ['-axo', 'pgid=,rss=,comm='], { encoding: 'utf8' })
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([group]) => Number(group) === gateway.processGroup)
  const megabytes = (list: string[][]) =>
    Math.round(list.reduce((total, [, kilobytes]) => total + Number(kilobytes), 0) / 1024)
  return {
    heap: await gatewayHeap(gateway),
    all: megabytes(rows),
    workerd: megabytes(rows.filter(([, , command]) => command?.endsWith('workerd'))),
  }
}
