import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { describe, test } from 'vitest'

// The staircase of the house: what each folder of src may import. `entry` imports everything.
const MAY_IMPORT: Record<string, string[]> = {
  aws: [],
  ports: ['aws'],
  delivery: ['ports', 'aws'],
  runtime: ['ports', 'aws', 'runtime/sandbox'],
  'runtime/sandbox': [],
  lambda: ['ports', 'aws'],
  logs: ['ports', 'aws'],
  extensions: ['lambda', 'ports', 'aws'],
  kinesis: ['kinesis/storage', 'ports', 'aws'],
  'kinesis/storage': ['ports', 'aws'],
  // The directory alone is for platforms: they host the actor.
  iam: ['iam/directory', 'ports', 'aws'],
  'iam/directory': ['ports', 'aws'],
  gateway: ['extensions', 'lambda', 'kinesis', 'logs', 'iam', 'ports', 'aws'],
  'platform/cloudflare': [
    'ports',
    'aws',
    'runtime',
    'runtime/sandbox',
    'delivery',
    'kinesis/storage',
    'iam/directory',
    'build',
  ],
  cli: ['aws'],
  'platform/in-process': [
    'ports',
    'aws',
    'runtime',
    'delivery',
    'kinesis/storage',
    'iam/directory',
  ],
  'platform/memory': ['ports', 'aws', 'delivery', 'platform/in-process'],
  'platform/deno': [
    'ports',
    'aws',
    'runtime',
    'runtime/sandbox',
    'delivery',
    'kinesis/storage',
    'iam/directory',
    'platform/in-process',
    'build',
  ],
}

const FOLDERS = Object.keys(MAY_IMPORT).sort((a, b) => b.length - a.length)

function folderOf(path: string): string | undefined {
  if (path.startsWith('build/')) return 'build'
  const inside = relative('src', path)
  return FOLDERS.find((folder) => inside.startsWith(`${folder}/`))
}

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8')
  const found = source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)
  return Array.from(found, ([, specifier = '']) => specifier)
}

const files = globSync('src/**/*.ts').filter((file) => !file.startsWith('src/entry/'))

describe('imports go one way', () => {
  test('every file of src lies in a folder of the house', ({ expect }) => {
    expect(files.filter((file) => folderOf(file) === undefined)).toEqual([])
    expect(files.length).toBeGreaterThan(30)
  })

  test.each(files)('%s imports only what its folder may', (file) => {
    const folder = folderOf(file) ?? ''
    for (const specifier of importsOf(file).filter((text) => text.startsWith('.'))) {
      const target = normalize(join(dirname(file), specifier))
      const targetFolder = folderOf(target)
      const isAllowed =
        targetFolder === folder || (MAY_IMPORT[folder] ?? []).includes(targetFolder ?? '')
      if (!isAllowed) throw new Error(`${file} must not import ${target}`)
      if (!/\.(ts|txt)$/.test(specifier)) {
        throw new Error(`${file}: '${specifier}' lacks its ending`)
      }
    }
  })
})

/** What every platform has belongs to none. */
const EVERYWHERE = ['node:crypto']

describe('platforms stay in their folders', () => {
  const core = files.filter((file) => !/^src\/(platform|runtime\/sandbox|cli)\//.test(file))

  test.each(core)('%s names no platform', (file) => {
    const foreign = importsOf(file).filter(
      (text) => /^(node|cloudflare):/.test(text) && !EVERYWHERE.includes(text),
    )
    if (foreign.length > 0) throw new Error(`${file} must not import ${foreign.join(', ')}`)
    const source = readFileSync(file, 'utf8')
    const names = source.match(
      /\b(KVNamespace|R2Bucket|DurableObject\w*|WorkerEntrypoint|Deno)\b[.<]/,
    )
    if (names !== null) throw new Error(`${file} must not know ${names[0]}`)
  })
})
