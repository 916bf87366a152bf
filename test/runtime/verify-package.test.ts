import { describe, test } from 'vitest'
import { entryPath } from '../../src/runtime/entry-path.ts'
import { verifyPackage } from '../../src/runtime/verify-package.ts'
import type { ZipEntry } from '../../src/runtime/zip-entry.ts'

const NOT_A_ZIP = 'Could not unzip uploaded file. Please check your file, then try to upload again.'

function entry(name: string, more: Partial<ZipEntry> = {}): ZipEntry {
  return {
    name,
    method: 8,
    compressedSize: 10,
    size: 10,
    crc32: 0,
    localHeaderOffset: 0,
    kind: name.endsWith('/') ? 'directory' : 'file',
    ...more,
  }
}

const entriesOf = (names: string[]) => names.map((name) => entry(name))

describe('entryPath', () => {
  test.for<[string, string | undefined]>([
    ['index.js', 'index.js'],
    ['./index.js', 'index.js'],
    ['././lib//./a.js', 'lib/a.js'],
    ['lib/', 'lib'],
    ['./', ''],
    ['...', '...'],
    ['a..b/..c', 'a..b/..c'],
    ['../index.js', undefined],
    ['lib/../index.js', undefined],
    ['lib/..', undefined],
    ['/etc/passwd', undefined],
    ['lib\\a.js', undefined],
    ['C:a.js', undefined],
    ['c:/a.js', undefined],
    ['a.js\0.txt', undefined],
  ])('%j belongs to %j', ([name, path], { expect }) => {
    expect(entryPath(name)).toBe(path)
  })
})

describe('verifyPackage accepts', () => {
  test.for<{ names: string[]; handler: string }>([
    { names: ['index.js'], handler: 'index.handler' },
    { names: ['./', './index.js'], handler: 'index.handler' },
    { names: ['index.js'], handler: './index.handler' },
    { names: ['index.cjs'], handler: 'index.handler' },
    { names: ['index.mjs'], handler: 'index.handler' },
    { names: ['index/index.js'], handler: 'index.handler' },
    { names: ['index.js'], handler: 'index.js.handler' },
    { names: ['my.app.js'], handler: 'my.app.handler' },
    { names: ['src/lib/app.js'], handler: 'src/lib/app.handler' },
    { names: ['lib/', 'lib/', 'lib/a.js', 'index.js'], handler: 'index.handler' },
    { names: ['lib.js', 'lib/a.js', 'lib-a', 'index.js'], handler: 'index.handler' },
    { names: ['Index.js', 'index.js'], handler: 'index.handler' },
    { names: ['index.js', `${'a/'.repeat(511)}bc`], handler: 'index.handler' },
  ])('$names for the handler $handler', ({ names, handler }, { expect }) => {
    verifyPackage(entriesOf(names), handler)
    expect.assertions(0)
  })

  test('a package of just the size that can be loaded', ({ expect }) => {
    verifyPackage([entry('index.js', { size: 41_943_040 })], 'index.handler')
    expect.assertions(0)
  })
})

describe('verifyPackage refuses the names', () => {
  test.for<{ names: string[] }>([
    { names: ['../a.js'] },
    { names: ['/a.js'] },
    { names: ['a\\b.js'] },
    { names: ['C:a.js'] },
    { names: ['a\0'] },
    { names: [''] },
    { names: ['.'] },
    { names: ['a/../..'] },
    { names: ['index.js'] },
    { names: ['./index.js'] },
    { names: ['lib', 'lib/'] },
    { names: ['lib/', 'lib'] },
    { names: ['lib/a.js', 'lib'] },
    { names: ['lib', 'lib.js', 'lib/deep/a.js'] },
    { names: ['lib/', 'lib', 'lib/'] },
  ])('$names besides index.js', ({ names }, { expect }) => {
    const entries = entriesOf(['index.js', ...names])
    expect(() => verifyPackage(entries, 'index.handler')).toThrow(
      expect.objectContaining({ code: 'InvalidParameterValueException', message: NOT_A_ZIP }),
    )
  })

  test('that make long work of comparing paths, quickly', { timeout: 5000 }, ({ expect }) => {
    const names = Array.from({ length: 4000 }, (_, index) => `${'a/'.repeat(500)}${index}`)
    expect(() => verifyPackage(entriesOf(names), 'index.handler')).toThrow('handler file')
  })
})

describe('verifyPackage refuses', () => {
  const index = entry('index.js')
  test.for<{ what: string; entries: ZipEntry[]; handler?: string; message: string | RegExp }>([
    {
      what: 'a name of 256 bytes',
      entries: [index, entry(`${'é'.repeat(126)}.txt`)],
      message: /^The package has a path that is too long: a name may have 255 bytes/,
    },
    {
      what: 'a path of 1025 characters',
      entries: [index, entry(`${'a/'.repeat(512)}b`)],
      message: /a path 1024 characters, unlike 'a\/a/,
    },
    {
      what: 'more than Lambda unzips',
      entries: [index, entry('a', { size: 262_144_000 })],
      message: 'Unzipped size must be smaller than 262144000 bytes',
    },
    {
      what: 'sizes beyond all measure',
      entries: [index, entry('a', { size: 2 ** 64 }), entry('b', { size: 2 ** 64 })],
      message: 'Unzipped size must be smaller than 262144000 bytes',
    },
    {
      what: 'more than can be loaded',
      entries: [index, entry('a', { size: 41_943_031 })],
      message:
        'Unzipped size is 41943041 bytes, and functions larger than 41943040 bytes cannot be loaded here',
    },
    {
      what: 'a package without the handler file',
      entries: entriesOf(['app.js', 'lib/index.js']),
      message:
        "Could not find the handler file 'index.js' in the package: the handler 'index.handler' needs it",
    },
    {
      what: 'a directory in place of the handler file',
      entries: entriesOf(['index.js/', 'index.js/a']),
      message: /Could not find the handler file 'index\.js'/,
    },
    {
      what: 'a handler file without an ending, which Node would not run',
      entries: entriesOf(['index']),
      message: /Could not find the handler file 'index\.js'/,
    },
    {
      what: 'a handler outside the package',
      entries: [index],
      handler: '../index.handler',
      message: /Could not find the handler file '\.\.\/index\.js'/,
    },
    {
      what: 'a folder that was zipped instead of its contents',
      entries: entriesOf(['my-app/', 'my-app/index.js', 'my-app/lib/a.js']),
      message:
        "Could not find the handler file 'index.js' in the package: it is in the folder 'my-app'. " +
        'Zip the contents of that folder, not the folder itself',
    },
    {
      what: 'a folder that was zipped by macOS',
      entries: entriesOf(['my-app/index.js', '__MACOSX/my-app/._index.js']),
      message: /it is in the folder 'my-app'/,
    },
    {
      what: 'an empty package',
      entries: [],
      message: /Could not find the handler file 'index\.js'/,
    },
    ...['index', '.handler', 'index.', '', '.'].map((handler) => ({
      what: `the handler '${handler}'`,
      entries: [index],
      handler,
      message: `The handler '${handler}' must name a file and what it exports, as in 'index.handler'`,
    })),
  ])('$what', ({ entries, handler = 'index.handler', message }, { expect }) => {
    const text: unknown = typeof message === 'string' ? message : expect.stringMatching(message)
    expect(() => verifyPackage(entries, handler)).toThrow(
      expect.objectContaining({ code: 'InvalidParameterValueException', message: text }),
    )
  })
})
