import { dirname } from 'node:path/posix'
import { nodeFs } from './node-fs.ts'
import { lazily, requireModule } from './node-modules.ts'
import { bare } from './primordials.ts'
import {
  MODULES_FOLDER,
  PACKAGE_INDEX,
  SCRIPT_PREFIX,
  SCRIPT_SUFFIX,
  moduleName,
  pathOfModule,
  type EsModule,
  type PackageIndex,
} from './protocol.ts'
import type { Files } from './resolve.ts'

// workerd shows a worker's modules below this folder, read-only, under their names.
const BUNDLE = '/bundle'

const index = requireModule(`./${PACKAGE_INDEX}`) as PackageIndex // the gateway's own
const files = bare(index.files)
const broken = bare(index.broken)
const folders = lazily(foldersOf)
const utf8 = new TextDecoder()

/** The user's files under their absolute paths (`/var/task/…`). */
export const bundleFiles: Files = {
  isFile: (path) => files[path] !== undefined,
  isDirectory: (path) => folders()[path] === true,
  readText: (path) => (isScript(path) ? ownText(path) : dataText(path)),
}

export function isBundled(path: string): boolean {
  return path === '/var' || /^\/var\/(task|runtime)(\/|$)/.test(path)
}

/** Where workerd has a path. */
export function toBundle(path: string): string {
  return isBundled(path) ? BUNDLE + moduleName(path) : path
}

/** The path that `toBundle` was given. */
export function fromBundle(path: string): string {
  return path.startsWith(`${BUNDLE}/var`) ? pathOfModule(fromUrl(path.slice(BUNDLE.length))) : path
}

/** A file name as it was written: `readdir` of workerd has `%C3%A9` for `é`, in `/tmp` as well. */
export function fromUrl(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** The name of a folder's entry as it was written. */
export function entryName(name: string): string {
  return pathOfModule(fromUrl(name))
}

/** A script is kept as the text of a module around it; all other files are kept as they are. */
export function isScript(path: string): boolean {
  return files[path] === 'script'
}

/** Whether the file system has something else at a path than what the user wrote. */
export const isWrapped = isScript

/** What the user wrote into a script. */
export function ownText(path: string): string {
  const text = nodeFs().readFileSync(toBundle(path), 'utf8')
  return text.slice(SCRIPT_PREFIX.length, -SCRIPT_SUFFIX.length)
}

/** What an ES module was made into, or what is wrong with it; `undefined` for all other files. */
export function esModule(path: string): EsModule | undefined {
  const wrong = broken[path]
  if (wrong !== undefined) return { kind: 'broken', ...wrong }
  if (files[path] !== 'module') return undefined
  return {
    kind: 'exports',
    exports: requireModule(`./${MODULES_FOLDER}${moduleName(path).slice(1)}`),
  }
}

/** A file that is data is a module that exports its bytes. */
function dataText(path: string): string {
  return decode(requireModule(`.${moduleName(path)}`) as ArrayBuffer)
}
const decode = utf8.decode.bind(utf8)

function foldersOf(): Record<string, true> {
  const found: Record<string, true> = bare({})
  for (const path in files) {
    let folder = dirname(path)
    for (; found[folder] === undefined && folder !== '/'; folder = dirname(folder)) {
      found[folder] = true
    }
  }
  return found
}
