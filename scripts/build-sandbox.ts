import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ENTRY = new URL('../src/runtime/sandbox/main.ts', import.meta.url)

/** The program that runs inside a function's isolate, as the text of one ES module. */
export async function bundleSandbox(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(ENTRY)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2024',
    external: ['node:*', 'cloudflare:*'],
    charset: 'utf8',
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error('esbuild wrote nothing')
  return file.text
}
