/**
 * What a function's process may not do, by module: Deno's own refusals speak of its command line.
 * Threads would go on between calls.
 */
export const REFUSED: Record<string, string> = {
  child_process: 'exec execFile execFileSync execSync fork spawn spawnSync',
  cluster: 'fork setupMaster setupPrimary',
  dgram: 'createSocket Socket',
  domain: 'create createDomain',
  worker_threads: 'Worker',
}
