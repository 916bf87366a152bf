import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { zipSync } from 'fflate'

const CACHE = new URL('../../node_modules/.cache/npm-packages/', import.meta.url).pathname
const run = promisify(execFile)

/** A zip of these scripts beside a `node_modules` with these packages (`name@version`). */
export async function zipWithPackages(
  packages: string[],
  scripts: Record<string, string>,
): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await installed(packages)
  const files: Record<string, Uint8Array> = {}
  const entries = globSync('node_modules/**', { cwd: folder, withFileTypes: true })
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    files[path.slice(folder.length + 1)] = await readFile(path)
  }
  for (const [path, source] of Object.entries(scripts)) {
    files[path] = new TextEncoder().encode(source)
  }
  return new Uint8Array(zipSync(files, { level: 1 }))
}

/** The folder that npm installed them into, now or in an earlier run. */
async function installed(packages: string[]): Promise<string> {
  const name = createHash('sha256').update(packages.join()).digest('hex').slice(0, 16)
  const folder = join(CACHE, name)
  if (await exists(folder)) return folder
  await mkdir(CACHE, { recursive: true })
  const unfinished = await mkdtemp(join(CACHE, 'unfinished-'))
  await writeFile(join(unfinished, 'package.json'), '{ "private": true }')
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund']
  await run('npm', ['install', ...flags, ...packages], { cwd: unfinished })
  // Another run may have been quicker.
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true }))
  return folder
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
