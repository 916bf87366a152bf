import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const FOLDER = new URL('../src/runtime/sandbox/', import.meta.url)

/** The program that runs inside a function's isolate, as the text of one ES module. */
export function bundleSandbox(): Promise<string> {
  return bundle('main.ts', false)
}

/** What that program asks for only when a script does not parse, of the same form. */
export function bundleScriptParser(): Promise<string> {
  return bundle('script-parser.ts', true)
}

async function bundle(entry: string, minify: boolean): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, FOLDER))],
    bundle: true,
    minify,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2024',
    external: ['node:*', 'cloudflare:*'],
    charset: 'utf8',
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error('esbuild wrote nothing')
  return file.text
}
