import { zipSync } from 'fflate'
import { describe, test } from 'vitest'
import { readZipDirectory } from '../../src/runtime/zip-directory.ts'
import { bytesOf, sourceOf, zip, type ZipEnding, type ZipInput } from '../support/zip.ts'

const NOT_A_ZIP = {
  code: 'InvalidParameterValueException',
  message: 'Could not unzip uploaded file. Please check your file, then try to upload again.',
}
const END_SIGNATURE = [0x50, 0x4b, 5, 6]

function withoutSignature(bytes: Uint8Array, ...signature: [number, number]): Uint8Array {
  const at = Buffer.from(bytes).indexOf(Uint8Array.of(0x50, 0x4b, ...signature))
  return bytes.with(at, 0)
}

describe('readZipDirectory reads', () => {
  test('what an ordinary zip contains, by one range read', async ({ expect }) => {
    const source = sourceOf(
      zipSync({
        'index.js': bytesOf('hello hello hello'),
        'lib/': [new Uint8Array(), { level: 0 }],
      }),
    )
    const entries = await readZipDirectory(source)
    expect(entries).toMatchObject([
      { name: 'index.js', method: 8, size: 17, kind: 'file', localHeaderOffset: 0 },
      { name: 'lib/', method: 0, size: 0, kind: 'directory' },
    ])
    expect(source.reads).toHaveLength(1)
  })

  test('a directory longer than the last 64 KiB by one read more', async ({ expect }) => {
    const inputs = Array.from({ length: 2000 }, (_, index) => ({ name: `lib/file-${index}.js` }))
    const source = sourceOf(zip(inputs))
    const entries = await readZipDirectory(source)
    expect(entries.map(({ name }) => name)).toEqual(inputs.map(({ name }) => name))
    expect(source.reads).toHaveLength(2)
  })

  test('an empty zip', async ({ expect }) => {
    expect(await readZipDirectory(sourceOf(zip([])))).toEqual([])
  })

  test.for<{ what: string; ending: ZipEnding }>([
    { what: 'with a comment', ending: { comment: bytesOf('made by hand') } },
    { what: 'with the longest comment', ending: { comment: new Uint8Array(65535) } },
    {
      what: 'with an end signature in its comment',
      ending: { comment: Uint8Array.of(...END_SIGNATURE, ...new Uint8Array(30)) },
    },
    {
      what: 'with an impossible end record in its comment',
      ending: { comment: Uint8Array.of(...END_SIGNATURE, ...new Uint8Array(18).fill(127, 8, 12)) },
    },
    { what: 'with a zip64 end record', ending: { zip64: true } },
    { what: 'behind a prefix', ending: { prefix: bytesOf('#!/bin/sh\n') } },
  ])('a zip $what', async ({ ending }, { expect }) => {
    const entries = await readZipDirectory(sourceOf(zip([{ name: 'a.js', data: 'a' }], ending)))
    expect(entries).toMatchObject([
      { name: 'a.js', size: 1, localHeaderOffset: ending.prefix?.length ?? 0 },
    ])
  })

  const [E_ACUTE_CP437, E_ACUTE_UTF8] = [Uint8Array.of(0x82), Uint8Array.of(0xc3, 0xa9)]
  test.for<{ what: string; input: ZipInput; entry: object }>([
    {
      what: 'zip64 sizes',
      input: { name: 'a', data: 'abc', method: 0, zip64: true },
      entry: { size: 3, compressedSize: 3, localHeaderOffset: 0 },
    },
    {
      what: 'zip64 sizes behind another extra field',
      input: {
        name: 'a',
        data: 'abc',
        method: 0,
        zip64: true,
        extra: Uint8Array.of(9, 9, 1, 0, 0),
      },
      entry: { size: 3 },
    },
    { what: 'UTF-8 names', input: { name: E_ACUTE_UTF8 }, entry: { name: 'é' } },
    { what: 'undeclared UTF-8', input: { name: E_ACUTE_UTF8, flags: 0 }, entry: { name: 'é' } },
    { what: 'CP437 names', input: { name: E_ACUTE_CP437, flags: 0 }, entry: { name: 'é' } },
    {
      what: 'names that begin with a byte order mark',
      input: { name: '\ufeffa' },
      entry: { name: '\ufeffa' },
    },
    { what: 'Unix symlinks', input: { name: 'a', mode: 0o120777 }, entry: { kind: 'symlink' } },
    {
      what: 'MS-DOS attributes',
      input: { name: 'a', mode: 0o120777, host: 0 },
      entry: { kind: 'file' },
    },
    { what: 'other Unix modes', input: { name: 'a', mode: 0o100755 }, entry: { kind: 'file' } },
    { what: 'directories', input: { name: 'a/', mode: 0o040755 }, entry: { kind: 'directory' } },
    {
      what: 'data descriptors',
      input: { name: 'a', data: 'abc', dataDescriptor: true },
      entry: { size: 3 },
    },
  ])('$what', async ({ input, entry }, { expect }) => {
    expect(await readZipDirectory(sourceOf(zip([input])))).toMatchObject([entry])
  })
})

describe('readZipDirectory refuses', () => {
  const file: ZipInput = { name: 'a.js', data: 'abc' }
  test.for<{ what: string; bytes: Uint8Array }>([
    { what: 'zeros', bytes: new Uint8Array(100_000) },
    { what: 'text', bytes: bytesOf('exports.handler = function () {}') },
    {
      what: 'end signatures only',
      bytes: new Uint8Array(80_000).map((_, i) => END_SIGNATURE[i % 4] ?? 0),
    },
    { what: 'bytes after the end', bytes: Uint8Array.of(...zip([file]), 10) },
    { what: 'an encrypted file', bytes: zip([{ ...file, flags: 1 }]) },
    { what: 'a file packed by LZMA', bytes: zip([{ ...file, method: 14 }]) },
    { what: 'a file on another disk', bytes: zip([{ ...file, disk: 1 }]) },
    { what: 'a zip of several disks', bytes: zip([file], { disk: 1 }) },
    { what: 'a directory without its signature', bytes: withoutSignature(zip([file]), 1, 2) },
    {
      what: 'a zip64 end without its signature',
      bytes: withoutSignature(zip([file], { zip64: true }), 6, 6),
    },
    { what: 'a zip64 end without any room', bytes: zip([], { entryCount: 0xffff }) },
    {
      what: 'a directory that breaks off',
      bytes: zip([file], { directoryTail: Uint8Array.of(0x50, 0x4b, 1, 2, 0), entryCount: 2 }),
    },
    { what: 'fewer entries than it declares', bytes: zip([file], { entryCount: 2 }) },
    { what: 'more entries than it declares', bytes: zip([file, file], { entryCount: 1 }) },
    { what: 'a directory before the start', bytes: zip([file], { directorySize: 5000 }) },
    { what: 'a directory that begins in the middle', bytes: zip([file], { directorySize: 40 }) },
    {
      what: 'a directory that begins later than it can',
      bytes: zip([file], { directoryOffset: 5000 }),
    },
    {
      what: 'a zip64 directory far away',
      bytes: zip([file], { zip64: true, directorySize: 2 ** 60 }),
    },
    { what: 'a stored file with two sizes', bytes: zip([{ ...file, method: 0, size: 4 }]) },
    { what: 'data beyond the end', bytes: zip([{ ...file, compressedSize: 5000 }]) },
    { what: 'an offset beyond the end', bytes: zip([{ ...file, offset: 5000 }]) },
    {
      what: 'a zip64 offset beyond the end',
      bytes: zip([{ ...file, zip64: true, offset: 2 ** 62 }]),
    },
    {
      what: 'a name that is declared UTF-8 and is not',
      bytes: zip([{ name: Uint8Array.of(0x82) }]),
    },
  ])('$what', async ({ bytes }, { expect }) => {
    await expect(readZipDirectory(sourceOf(bytes))).rejects.toMatchObject(NOT_A_ZIP)
  })

  test('nothing at all, without reading it', async ({ expect }) => {
    const source = sourceOf(new Uint8Array())
    await expect(readZipDirectory(source)).rejects.toMatchObject(NOT_A_ZIP)
    expect(source.reads).toEqual([])
  })

  test('more entries than an isolate can hold, before it reads them', async ({ expect }) => {
    const source = sourceOf(zip([file], { zip64: true, entryCount: 100_001 }))
    await expect(readZipDirectory(source)).rejects.toThrow(
      /^The package has too many files: .*has 100001 entries/,
    )
    expect(source.reads).toHaveLength(1)
  })

  test('a directory too large to hold, without reading it', async ({ expect }) => {
    const directorySize = 20 * 1024 * 1024
    const padding = { name: 'a', method: 0, data: new Uint8Array(directorySize) }
    const source = sourceOf(zip([padding], { directorySize, directoryOffset: 0 }))
    await expect(readZipDirectory(source)).rejects.toThrow('too many files')
    expect(source.reads).toHaveLength(1)
  })
})
