import { describe, test } from 'vitest'
import { loadPackage } from '../../src/runtime/package-modules.ts'
import { placeFiles, readLinkTargets } from '../../src/runtime/package-files.ts'
import { verifyPackage } from '../../src/runtime/verify-package.ts'
import { readZipDirectory } from '../../src/runtime/zip-directory.ts'
import { bytesOf, sourceOf, zip, type ZipInput } from '../support/zip.ts'

const LINK = 0o120777
const NOT_A_ZIP = 'Could not unzip uploaded file. Please check your file, then try to upload again.'

/** A package of these files, `{ 'lib/a.js': 'text' }`, and links, `{ 'a.js': 'lib/a.js' }`. */
function packageOf(files: Record<string, string>, links: Record<string, string>): Uint8Array {
  const entries: ZipInput[] = Object.entries(files).map(([name, data]) => ({ name, data }))
  const linked = Object.entries(links).map(([name, data]) => ({ name, data, mode: LINK }))
  return zip([...linked, ...entries])
}

async function placed(bytes: Uint8Array): Promise<Record<string, string>> {
  const source = sourceOf(bytes)
  const entries = await readZipDirectory(source)
  const files = placeFiles(entries, await readLinkTargets(source, entries))
  return Object.fromEntries(files.map(({ path, entry }) => [path, entry.name]))
}

describe('a symbolic link', () => {
  const files = { 'index.js': '1', 'lib/a.js': '2', 'lib/deep/b.js': '3', 'lib/deep/c/': '' }
  test.for<{ what: string; links: Record<string, string>; more: Record<string, string> }>([
    { what: 'to a file', links: { 'a.js': 'lib/a.js' }, more: { 'a.js': 'lib/a.js' } },
    { what: 'to a file above', links: { 'x/a.js': '../index.js' }, more: { 'x/a.js': 'index.js' } },
    { what: 'by a way round', links: { a: './lib/../lib//a.js' }, more: { a: 'lib/a.js' } },
    {
      what: 'to a folder',
      links: { 'x/lib': '../lib' },
      more: { 'x/lib/a.js': 'lib/a.js', 'x/lib/deep/b.js': 'lib/deep/b.js' },
    },
    {
      what: 'to a link',
      links: { a: 'b', b: 'c', c: 'lib/a.js' },
      more: { a: 'lib/a.js', b: 'lib/a.js', c: 'lib/a.js' },
    },
    {
      what: 'through a link, and back up from where that leads',
      links: { d: 'lib/deep', a: 'd/../a.js' },
      more: { 'd/b.js': 'lib/deep/b.js', a: 'lib/a.js' },
    },
    { what: 'to nothing', links: { a: 'none', 'x/b': '../lib/none/c' }, more: {} },
    { what: 'into a file', links: { a: 'index.js/b' }, more: {} },
    { what: 'to an empty folder', links: { a: 'lib/deep/c' }, more: {} },
    {
      what: 'of a name that objects have',
      links: { __proto__x: 'lib/a.js', constructor: 'lib/a.js', a: 'toString' },
      more: { __proto__x: 'lib/a.js', constructor: 'lib/a.js' },
    },
  ])('$what stands for what it points to', async ({ links, more }, { expect }) => {
    const own = { 'index.js': 'index.js', 'lib/a.js': 'lib/a.js', 'lib/deep/b.js': 'lib/deep/b.js' }
    expect(await placed(packageOf(files, links))).toEqual({ ...own, ...more })
  })

  const leaves = (name: string, target: string) =>
    `The package contains a symbolic link that leaves it: '${name}' points to '${target}'`
  const circles = (name: string) =>
    `The package contains a symbolic link that leads in circles: '${name}'`
  test.for<{ what: string; links: Record<string, string>; message: string | RegExp }>([
    { what: 'up and away', links: { a: '../b' }, message: leaves('a', '../b') },
    {
      what: 'away by a way round',
      links: { a: 'lib/../../b' },
      message: leaves('a', 'lib/../../b'),
    },
    {
      what: 'to a file of the system',
      links: { a: '/etc/passwd' },
      message: leaves('a', '/etc/passwd'),
    },
    {
      what: 'away through a link',
      links: { d: 'lib/deep', a: 'd/../../../b' },
      message: leaves('a', 'd/../../../b'),
    },
    { what: 'to itself', links: { a: 'a' }, message: circles('a') },
    { what: 'to one that points back', links: { a: 'b', b: './a' }, message: /in circles/ },
    { what: 'to the folder it is in', links: { 'x/a': '.' }, message: circles('x/a') },
    { what: 'to a folder above', links: { 'x/y/a': '..' }, message: circles('x/y/a') },
    {
      what: 'to folders that point at each other',
      links: { 'x/a': '../y', 'y/b': '../x' },
      message: /in circles/,
    },
    {
      what: 'by a target longer than any path',
      links: { a: 'x/'.repeat(2049) },
      message: NOT_A_ZIP,
    },
  ])('$what is refused', async ({ links, message }, { expect }) => {
    const text: unknown = typeof message === 'string' ? message : expect.stringMatching(message)
    await expect(placed(packageOf(files, links))).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: text,
    })
  })

  test('that something lies inside is refused', async ({ expect }) => {
    const bytes = packageOf({ 'index.js': '1', 'x/a.js': '2' }, { x: 'lib' })
    await expect(placed(bytes)).rejects.toThrow(NOT_A_ZIP)
  })

  test('is loaded with the content of its target, and may be the handler file', async ({
    expect,
  }) => {
    const source = sourceOf(
      packageOf({ 'lib/main.js': 'exports.é = 1' }, { 'index.js': 'lib/main.js' }),
    )
    const entries = await readZipDirectory(source)
    verifyPackage(entries, 'index.handler', await readLinkTargets(source, entries))
    expect(await loadPackage(source)).toEqual([
      { path: 'index.js', kind: 'script', source: 'exports.é = 1' },
      { path: 'lib/main.js', kind: 'script', source: 'exports.é = 1' },
    ])
  })

  test('makes its target count once more against what can be loaded', async ({ expect }) => {
    const inputs: ZipInput[] = [
      { name: 'index.js', size: 30_000_000 },
      { name: 'a', data: 'index.js', mode: LINK },
    ]
    await expect(placed(zip(inputs))).rejects.toThrow('Unzipped size is 60000000 bytes')
  })

  test(
    'one of many that multiply each other is refused soon',
    { timeout: 5000 },
    async ({ expect }) => {
      const levels = Array.from({ length: 40 }, (_, level) => level)
      const links = levels.flatMap((level) =>
        ['a', 'b'].map((name) => [`${level}/${name}`, `../${level + 1}`] as const),
      )
      const bytes = packageOf({ 'index.js': '', '40/': '' }, Object.fromEntries(links))
      await expect(placed(bytes)).rejects.toThrow('too many files')
    },
  )

  test(
    'one beside names of very many folders is refused soon',
    { timeout: 5000 },
    async ({ expect }) => {
      const deep = Array.from({ length: 4000 }, (_, index) => `${index}/${'a/'.repeat(500)}b`)
      const inDepth = Object.fromEntries(deep.map((name) => [name, '']))
      await expect(placed(packageOf(inDepth, { a: 'b' }))).rejects.toThrow('too many files')
    },
  )
})

test('without links no more is read than the directory', async ({ expect }) => {
  const source = sourceOf(zip([{ name: 'index.js', data: bytesOf('1') }]))
  const entries = await readZipDirectory(source)
  const before = source.reads.length
  expect(await readLinkTargets(source, entries)).toEqual(new Map())
  expect(source.reads).toHaveLength(before)
})
