import { mkdir, writeFile } from 'node:fs/promises'
import { bundleAwsSdk } from './build-aws-sdk.ts'
import {
  bundleProcessSandbox,
  bundleProcessScriptParser,
  bundleSandbox,
  bundleScriptParser,
} from './build-sandbox.ts'

// `npm run build`: what runs inside functions' isolates travels in the gateway as text.

const FOLDER = new URL('../build/', import.meta.url)

await mkdir(FOLDER, { recursive: true })
for (const [name, text] of [
  ['sandbox.txt', await bundleSandbox()],
  ['process-sandbox.txt', await bundleProcessSandbox()],
  ['script-parser.txt', await bundleScriptParser()],
  ['process-script-parser.txt', await bundleProcessScriptParser()],
  ['aws-sdk.txt', await bundleAwsSdk()],
] as const) {
  await writeFile(new URL(name, FOLDER), text)
  console.log(`build/${name}: ${text.length} characters`)
}
