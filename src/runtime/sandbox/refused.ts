/**
 * What workerd has not, or has in name only: its own refusals come late or speak of arguments. By
 * module.
 */
export const REFUSED: Record<string, string> = {
  child_process: 'exec execFile execFileSync execSync fork spawn spawnSync',
  cluster: 'fork setupMaster setupPrimary',
  dgram: 'createSocket',
  domain: 'create createDomain',
  vm: 'createContext createScript runInContext runInNewContext runInThisContext',
}
