import { invalidParameterValue } from '../aws/service-error.ts'
import { entryPath } from './entry-path.ts'
import { placeFiles, type LinkTargets } from './package-files.ts'
import type { ZipEntry } from './zip-entry.ts'

/** In the order in which the sandbox looks; a file without an ending must be named by one. */
const HANDLER_ENDINGS = ['.js', '.cjs', '.mjs', '/index.js']

/** The folder that the macOS Finder adds next to what it zips. */
const MACOS_FOLDER = '__MACOSX'

/**
 * Judges a package by its directory and its links: names, sizes, and the handler file that it must
 * have. Throws InvalidParameterValueException; only `checkEntries` tells whether files are sound.
 */
export function verifyPackage(
  entries: ZipEntry[],
  handler: string,
  targets: LinkTargets = new Map(),
): void {
  const files = placeFiles(entries, targets)
  verifyHandler(new Set(files.map(({ path }) => path)), handler)
}

function verifyHandler(paths: Set<string>, handler: string): void {
  const dot = handler.lastIndexOf('.')
  const module = handler.slice(0, Math.max(0, dot))
  const modulePath = entryPath(module)
  if (modulePath === '' || dot === handler.length - 1) {
    throw invalidParameterValue(
      `The handler '${handler}' must name a file and what it exports, as in 'index.handler'`,
    )
  }
  const endings = /\.[cm]?js$/.test(module) ? ['', ...HANDLER_ENDINGS] : HANDLER_ENDINGS
  const isIn = (folder: string) =>
    modulePath !== undefined && endings.some((ending) => paths.has(folder + modulePath + ending))
  if (isIn('')) return
  const folder = onlyFolder(paths)
  const hint =
    folder !== undefined && isIn(`${folder}/`)
      ? `it is in the folder '${folder}'. Zip the contents of that folder, not the folder itself`
      : `the handler '${handler}' needs it`
  throw invalidParameterValue(
    `Could not find the handler file '${modulePath ?? module}.js' in the package: ${hint}`,
  )
}

/** The folder that everything is in, if there is one. */
function onlyFolder(paths: Set<string>): string | undefined {
  const tops = new Set([...paths].map((path) => path.split('/', 1)[0]))
  tops.delete(MACOS_FOLDER)
  return tops.size === 1 ? [...tops][0] : undefined
}
