import { constants, crc32, deflateRawSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { describe, test } from 'vitest'
import { checkEntries, readEntries } from '../../src/runtime/read-entries.ts'
import { readZipDirectory, type ByteSource } from '../../src/runtime/zip-directory.ts'
import { bytesOf, sourceOf, zip, type ZipInput } from '../support/zip.ts'

const NOT_A_ZIP = {
  code: 'InvalidParameterValueException',
  message: 'Could not unzip uploaded file. Please check your file, then try to upload again.',
}

async function unzip(source: ByteSource, windowBytes?: number): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  await readEntries(
    source,
    await readZipDirectory(source),
    ({ name }, bytes) => void files.set(name, bytes),
    windowBytes === undefined ? {} : { windowBytes },
  )
  return files
}

async function check(source: ByteSource): Promise<void> {
  await checkEntries(source, await readZipDirectory(source))
}

/** Hardly compressible, the same in every run. */
function noise(length: number, seed = 1): Uint8Array {
  let state = seed
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}

describe('readEntries hands over', () => {
  test('500 small files by one read', async ({ expect }) => {
    const files = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`lib/${index}.js`, bytesOf(`module ${index}`)]),
    )
    const source = sourceOf(zipSync(files))
    const entries = await readZipDirectory(source)
    const before = source.reads.length
    const got: Record<string, Uint8Array> = {}
    await readEntries(source, entries, ({ name }, bytes) => void (got[name] = bytes))
    expect(source.reads.length - before).toBe(1)
    expect(got).toEqual(files)
  })

  test.for([
    { windowBytes: 10 },
    { windowBytes: 1000 },
    { windowBytes: 30_000 },
    { windowBytes: 2 ** 30 },
  ])(
    'the same bytes through a window of $windowBytes bytes',
    async ({ windowBytes }, { expect }) => {
      const files = {
        'a.js': bytesOf('a'.repeat(5000)),
        empty: new Uint8Array(),
        'stored.bin': noise(20_000),
        'big.bin': noise(100_000, 7),
        'z.js': bytesOf('z'),
      }
      const { 'stored.bin': stored, ...others } = files
      const source = sourceOf(zipSync({ ...others, 'stored.bin': [stored, { level: 0 }] }))
      const got = await unzip(source, windowBytes)
      expect(Object.fromEntries(got)).toEqual(files)
      expect(Math.max(...source.reads.slice(1).map(([, length]) => length))).toBeLessThanOrEqual(
        Math.max(windowBytes, 30),
      )
    },
  )

  test('files in the order of their data, one at a time', async ({ expect }) => {
    const source = sourceOf(zip([{ name: 'a' }, { name: 'b' }, { name: 'c' }]))
    const events: string[] = []
    await readEntries(source, (await readZipDirectory(source)).reverse(), async ({ name }) => {
      events.push(`${name} begins`)
      await Promise.resolve()
      events.push(`${name} ends`)
    })
    expect(events).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]))
  })

  test.for<{ what: string; inputs: ZipInput[]; got: [string, string][] }>([
    {
      what: 'files with extra fields in the local header only',
      inputs: [
        { name: 'a', data: 'abc', localExtra: new Uint8Array(65535) },
        { name: 'b', data: 'def', localExtra: new Uint8Array(7) },
      ],
      got: [
        ['a', 'abc'],
        ['b', 'def'],
      ],
    },
    {
      what: 'files with data descriptors',
      inputs: [
        { name: 'a', data: 'abc', dataDescriptor: true },
        { name: 'b', data: 'def', dataDescriptor: true, method: 0 },
      ],
      got: [
        ['a', 'abc'],
        ['b', 'def'],
      ],
    },
    {
      what: 'files and neither directories nor links',
      inputs: [
        { name: 'lib/', method: 0 },
        { name: 'link', data: 'target', mode: 0o120777 },
        { name: 'a', data: 'abc', zip64: true },
      ],
      got: [['a', 'abc']],
    },
    {
      what: 'empty files',
      inputs: [{ name: 'a' }, { name: 'b', method: 0 }],
      got: [
        ['a', ''],
        ['b', ''],
      ],
    },
  ])('$what', async ({ inputs, got }, { expect }) => {
    const files = await unzip(sourceOf(zip(inputs)))
    expect([...files]).toEqual(got.map(([name, data]) => [name, bytesOf(data)]))
  })

  test('bytes that do not keep the window alive', async ({ expect }) => {
    const files = await unzip(sourceOf(zip([{ name: 'a', data: 'abc', method: 0 }, { name: 'b' }])))
    expect(files.get('a')?.buffer.byteLength).toBe(3)
  })
})

describe('readEntries refuses', () => {
  const inner: ZipInput = { name: 'b', data: 'x', method: 0 }
  const file: ZipInput = { name: 'a.js', data: 'abc'.repeat(100) }
  test.for<{ what: string; inputs: ZipInput[] }>([
    { what: 'a file larger than it declares', inputs: [{ ...file, size: 299 }] },
    { what: 'a file smaller than it declares', inputs: [{ ...file, size: 301 }] },
    {
      what: 'a file that has the CRC-32 of what it declares and is smaller',
      inputs: [{ name: 'a', data: 'abc', size: 4, crc32: crc32('abc\0') }],
    },
    { what: 'a wrong CRC-32', inputs: [{ ...file, crc32: 1 }] },
    { what: 'data that is not deflated', inputs: [{ ...file, compressed: noise(50) }] },
    { what: 'data that breaks off', inputs: [{ ...file, compressedSize: 5 }, file] },
    { what: 'a missing local header', inputs: [{ ...file, localSignature: 0 }] },
    { what: 'an offset into the middle of a file', inputs: [file, { ...file, offset: 3 }] },
    { what: 'two files over the same data', inputs: [file, { ...file, offset: 0 }] },
    { what: 'a file that reaches into the next', inputs: [{ ...file, compressedSize: 100 }, file] },
    {
      what: 'a file inside the data of another with a long name',
      inputs: [
        { name: 'a'.repeat(100), data: zip([inner]).slice(0, 40), method: 0 },
        { ...inner, offset: 130 },
      ],
    },
    {
      what: 'a file whose local header pushes it into the next',
      inputs: [
        { name: 'a', data: 'abc', method: 0 },
        { name: 'lib/', method: 0, offset: 33 },
      ],
    },
  ])('$what', async ({ inputs }, { expect }) => {
    const source = sourceOf(zip(inputs))
    await expect(unzip(source)).rejects.toMatchObject(NOT_A_ZIP)
    await expect(unzip(source, 10)).rejects.toMatchObject(NOT_A_ZIP)
    await expect(check(source)).rejects.toMatchObject(NOT_A_ZIP)
  })

  test('a small bomb, of 10 MB in 10 KB', async ({ expect }) => {
    const zeros = new Uint8Array(10_000_000)
    const bomb: ZipInput = { name: 'bomb', data: zeros, size: 10, crc32: crc32(zeros.slice(0, 10)) }
    const source = sourceOf(zip([bomb]))
    await expect(unzip(source)).rejects.toMatchObject(NOT_A_ZIP)
  })

  test('a bomb long before its 20 GB are inflated', { timeout: 5000 }, async ({ expect }) => {
    const block = deflateRawSync(new Uint8Array(10_000_000), {
      finishFlush: constants.Z_SYNC_FLUSH,
    })
    const compressed = new Uint8Array(Buffer.concat(Array.from({ length: 2000 }, () => block)))
    const source = sourceOf(zip([{ name: 'bomb', compressed, size: 10_000 }]))
    await expect(unzip(source)).rejects.toMatchObject(NOT_A_ZIP)
  })

  test('declared sizes that cannot be loaded, before it reads', async ({ expect }) => {
    const source = sourceOf(zip([{ ...file, zip64: true, size: 2 ** 40 }]))
    const entries = await readZipDirectory(source)
    const before = source.reads.length
    await expect(readEntries(source, entries, () => undefined)).rejects.toThrow('Unzipped size')
    expect(source.reads).toHaveLength(before)
  })
})

describe('checkEntries', () => {
  test('accepts what readEntries reads, and hands nothing over', async ({ expect }) => {
    const files = { small: noise(100), stored: noise(20_000), large: noise(300_000) }
    const { stored, ...others } = files
    const source = sourceOf(zipSync({ ...others, stored: [stored, { level: 0 }] }))
    await check(source)
    expect.assertions(0)
  })
})

describe('readEntries passes on', () => {
  test.for([{ windowBytes: 100 }, { windowBytes: 2 ** 22 }])(
    'what a read throws, through a window of $windowBytes bytes',
    async ({ windowBytes }, { expect }) => {
      const source = sourceOf(zip([{ name: 'a', data: noise(1000) }]))
      const entries = await readZipDirectory(source)
      const failure = new Error('the store is away')
      let reads = 0
      const failing: ByteSource = {
        size: source.size,
        read: (offset, length) =>
          ++reads >= (windowBytes < 1000 ? 4 : 1)
            ? Promise.reject(failure)
            : source.read(offset, length),
      }
      await expect(readEntries(failing, entries, () => undefined, { windowBytes })).rejects.toBe(
        failure,
      )
    },
  )

  test('what the receiver throws, and stops there', async ({ expect }) => {
    const source = sourceOf(zip([{ name: 'a' }, { name: 'b' }]))
    const received: string[] = []
    const failure = new Error('enough')
    const promise = readEntries(source, await readZipDirectory(source), ({ name }) => {
      received.push(name)
      throw failure
    })
    await expect(promise).rejects.toBe(failure)
    expect(received).toEqual(['a'])
  })
})
