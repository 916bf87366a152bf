#!/usr/bin/env node
// TypeScript runs as it is from Node.js 22.18 on; before that, the Node.js that came with the project runs it.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

if (process.features.typescript) {
  await import('./main.ts')
} else {
  const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const { status } = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exitCode = status ?? 1
}
