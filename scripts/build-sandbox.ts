import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ENTRY = new URL('../src/runtime/sandbox/main.ts', import.meta.url)
const OUTPUT = new URL('../build/sandbox.txt', import.meta.url)

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

if (import.meta.main) {
  const text = await bundleSandbox()
  await mkdir(new URL('.', OUTPUT), { recursive: true })
  await writeFile(OUTPUT, text)
  console.log(`build/sandbox.txt: ${text.length} characters`)
}
