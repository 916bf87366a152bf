import { deleteProperty, get } from '../primordials.ts'

const REMOVED = [
  // What these keep Deno keeps by the main module, which the processes of all functions have in
  // common: one function read what another had stored (measured, 2.9.5).
  ...['localStorage', 'sessionStorage', 'caches', 'Storage', 'CacheStorage', 'Cache'],
  // Threads would go on between calls, and have all of these globals.
  'Worker',
]

/** Takes away what no function may reach. Deno has all of it as properties of `globalThis` only. */
export function removeGlobals(): void {
  for (const name of REMOVED) deleteProperty(globalThis, name)
  // The way to what Deno itself is made of.
  const deno = get(globalThis, 'Deno') as object
  deleteProperty(deno, get(deno, 'internal') as symbol)
  deleteProperty(deno, 'internal')
}
