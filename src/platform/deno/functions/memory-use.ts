import { readFileSync } from 'node:fs'

const PAGE_BYTES = 4096
const MEGABYTE = 1024 * 1024

/**
 * What a process holds for itself alone, in megabytes: without the pages of Deno's own program,
 * which all processes share. `undefined` where the system does not tell.
 */
export function privateMegabytes(pid: number): number | undefined {
  try {
    const [, resident, shared] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number)
    if (resident === undefined || shared === undefined) return undefined
    return ((resident - shared) * PAGE_BYTES) / MEGABYTE
  } catch {
    return undefined
  }
}
