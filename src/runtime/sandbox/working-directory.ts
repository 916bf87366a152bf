import posix, { relative, resolve } from 'node:path/posix'
import { bundleFiles, toBundle } from './bundle-files.ts'
import { prepareProcess } from './process.ts'

const TASK_ROOT = '/var/task'
let directory = TASK_ROOT

/** An absolute path, from one that may be relative to the working directory. */
export function absolute(...paths: string[]): string {
  return resolve(directory, ...paths)
}

/** `node:path` as user code gets it: workerd's own takes `/` for the working directory. */
export const pathView = {
  ...posix,
  resolve: absolute,
  relative: (from: string, to: string) => relative(absolute(from), absolute(to)),
}
pathView.posix = pathView

export function installWorkingDirectory(): void {
  prepareProcess((process) => {
    const chdir = process.chdir.bind(process)
    process.cwd = () => directory
    process.chdir = (path: string) => {
      const target = absolute(path)
      // The original refuses what is no directory, but knows nothing of `/var/task`.
      if (!bundleFiles.isDirectory(target)) chdir(toBundle(target))
      directory = target
    }
  })
}

/** A fresh start of the function starts in its folder. */
export function resetWorkingDirectory(): void {
  directory = TASK_ROOT
}
