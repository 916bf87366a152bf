import type { WorkerModule } from './package-modules.ts'
import {
  MODULES_FOLDER,
  pathOfModule,
  type BrokenModules,
  type PackageIndex,
} from './sandbox/protocol.ts'

/** What the sandbox is told of a function's modules, so that it need not look for them itself. */
export function packageIndex(
  modules: Record<string, WorkerModule>,
  broken: BrokenModules,
): PackageIndex {
  const files: PackageIndex['files'] = {}
  for (const [name, module] of Object.entries(modules)) {
    // What an ES module was made into; its own file is data.
    if (name.startsWith(MODULES_FOLDER)) continue
    const isModule = modules[MODULES_FOLDER + name] !== undefined
    files[`/${pathOfModule(name)}`] = isModule ? 'module' : 'cjs' in module ? 'script' : 'data'
  }
  return { files, broken }
}
