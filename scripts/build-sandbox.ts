import { existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

const FOLDER = new URL('../src/runtime/sandbox/', import.meta.url)

/** The program that runs inside a function's isolate, as the text of one ES module. */
export function bundleSandbox(): Promise<string> {
  return bundle('main.ts', false)
}

/**
 * The program of a function's process, where each function has processes of its own. Minified, for
 * Deno reads it anew for each: that saves 4 of 79 ms (measured).
 */
export function bundleProcessSandbox(): Promise<string> {
  return bundle('process/main.ts', true, [standIns])
}

/** What the programs ask for only when a script does not parse, of the same form. */
export function bundleScriptParser(): Promise<string> {
  return bundle('script-parser.ts', true)
}

/** The same for a function's process, which rewrites ES modules by it, too: a CommonJS module. */
export function bundleProcessScriptParser(): Promise<string> {
  return bundle('process/script-parser.ts', true, [], 'cjs')
}

async function bundle(
  entry: string,
  minify: boolean,
  plugins: Plugin[] = [],
  format: 'esm' | 'cjs' = 'esm',
): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, FOLDER))],
    bundle: true,
    minify,
    write: false,
    format,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2024',
    external: ['node:*', 'cloudflare:*'],
    charset: 'utf8',
    plugins,
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error('esbuild wrote nothing')
  return file.text
}

/** Modules in `process` take the place of the sandbox's modules of the same name. */
const standIns: Plugin = {
  name: 'stand-ins',
  setup(bundling) {
    bundling.onResolve({ filter: /^\.\.?\/[^/]+\.ts$/ }, ({ path, importer }) => {
      const standIn = fileURLToPath(new URL(`process/${basename(path)}`, FOLDER))
      const isStandIn = dirname(importer) === dirname(standIn)
      const isAsked = !isStandIn || path.startsWith('../')
      return isAsked && existsSync(standIn) && importer !== standIn ? { path: standIn } : undefined
    })
  },
}
