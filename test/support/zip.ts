import { crc32, deflateRawSync } from 'node:zlib'
import type { ByteSource } from '../../src/runtime/zip-directory.ts'

/** An entry to write. What is not given is written correctly; what is given is written as given. */
export interface ZipInput {
  name: string | Uint8Array
  data?: string | Uint8Array
  method?: number
  flags?: number
  crc32?: number
  /** What is declared as the unzipped size. */
  size?: number
  compressedSize?: number
  /** The bytes to store as compressed data. */
  compressed?: Uint8Array
  /** A Unix mode, such as 0o120777 for a symbolic link. */
  mode?: number
  /** Which system made it: 3 is Unix, 0 is MS-DOS. */
  host?: number
  disk?: number
  offset?: number
  localSignature?: number
  localExtra?: Uint8Array
  extra?: Uint8Array
  /** Writes the sizes behind the data, and zeros into the local header. */
  dataDescriptor?: boolean
  /** Writes sizes and offset into a zip64 extra field of the directory, behind `extra`. */
  zip64?: boolean
}

export interface ZipEnding {
  comment?: Uint8Array
  prefix?: Uint8Array
  /** Adds the zip64 end record and saturates the ordinary one. */
  zip64?: boolean
  disk?: number
  entryCount?: number
  /** Bytes behind the last directory entry, which count as part of the directory. */
  directoryTail?: Uint8Array
  directorySize?: number
  directoryOffset?: number
}

const text = new TextEncoder()

/** Writes a zip, correct or not. */
export function zip(inputs: ZipInput[], ending: ZipEnding = {}): Uint8Array {
  const chunks: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const input of inputs) {
    const entry = complete(input)
    const local = localEntry(entry)
    chunks.push(...local)
    directory.push(...directoryEntry(entry, input.offset ?? offset))
    offset += lengthOf(local)
  }
  if (ending.directoryTail !== undefined) directory.push(ending.directoryTail)
  const start = ending.directoryOffset ?? offset
  const size = ending.directorySize ?? lengthOf(directory)
  const count = ending.entryCount ?? inputs.length
  const end = offset + lengthOf(directory)
  const zip64 = ending.zip64 === true ? zip64Ending(count, size, start, end) : []
  const [shownCount, shownSize, shownStart] =
    ending.zip64 === true ? [0xffff, 0xffffffff, 0xffffffff] : [count, size, start]
  const comment = ending.comment ?? new Uint8Array()
  return join([
    ending.prefix ?? new Uint8Array(),
    ...chunks,
    ...directory,
    ...zip64,
    u32(0x06054b50),
    ...[ending.disk ?? 0, 0, shownCount, shownCount].map(u16),
    ...[shownSize, shownStart].map(u32),
    u16(comment.length),
    comment,
  ])
}

/** An array as a source that remembers which ranges were read. */
export function sourceOf(bytes: Uint8Array): ByteSource & { reads: [number, number][] } {
  const reads: [number, number][] = []
  return {
    size: bytes.length,
    reads,
    read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > bytes.length) {
        return Promise.reject(new RangeError(`read ${offset}+${length} of ${bytes.length}`))
      }
      reads.push([offset, length])
      return Promise.resolve(bytes.slice(offset, offset + length))
    },
  }
}

export function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? text.encode(value) : value
}

type Entry = ReturnType<typeof complete>

function complete(input: ZipInput) {
  const data = bytesOf(input.data ?? '')
  const method = input.method ?? 8
  const compressed = input.compressed ?? (method === 8 ? deflateRawSync(data) : data)
  return {
    ...input,
    name: bytesOf(input.name),
    method,
    compressed,
    flags: (input.flags ?? 0x800) | (input.dataDescriptor === true ? 8 : 0),
    crc32: input.crc32 ?? crc32(data),
    size: input.size ?? data.length,
    compressedSize: input.compressedSize ?? compressed.length,
    extra: input.extra ?? new Uint8Array(),
    localExtra: input.localExtra ?? new Uint8Array(),
  }
}

function localEntry(entry: Entry): Uint8Array[] {
  const sizes = [entry.crc32, entry.compressedSize, entry.size].map((value) => value >>> 0)
  const late = entry.dataDescriptor === true
  return [
    u32(entry.localSignature ?? 0x04034b50),
    ...[20, entry.flags, entry.method, 0, 0x21].map(u16),
    ...(late ? [0, 0, 0] : sizes).map(u32),
    ...[entry.name.length, entry.localExtra.length].map(u16),
    entry.name,
    entry.localExtra,
    entry.compressed,
    ...(late ? [0x08074b50, ...sizes].map(u32) : []),
  ]
}

function directoryEntry(entry: Entry, offset: number): Uint8Array[] {
  const wide = entry.zip64 === true
  const values = [entry.size, entry.compressedSize, offset]
  const zip64 = wide ? [u16(1), u16(24), ...values.map(u64)] : []
  const extra = join([entry.extra, ...zip64])
  const [size = 0, compressedSize = 0, shownOffset = 0] = wide
    ? [0xffffffff, 0xffffffff, 0xffffffff]
    : values
  return [
    u32(0x02014b50),
    ...[((entry.host ?? 3) << 8) | 20, 20, entry.flags, entry.method, 0, 0x21].map(u16),
    ...[entry.crc32, compressedSize, size].map(u32),
    ...[entry.name.length, extra.length, 0, entry.disk ?? 0, 0].map(u16),
    ...[((entry.mode ?? 0o100644) << 16) >>> 0, shownOffset].map(u32),
    entry.name,
    extra,
  ]
}

function zip64Ending(count: number, size: number, start: number, end: number): Uint8Array[] {
  return [
    ...[u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0)],
    ...[count, count, size, start].map(u64),
    ...[u32(0x07064b50), u32(0), u64(end), u32(1)],
  ]
}

function lengthOf(chunks: Uint8Array[]): number {
  return chunks.reduce((total, { length }) => total + length, 0)
}

function join(chunks: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(chunks))
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8)
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24)
}

function u64(value: number): Uint8Array {
  return new Uint8Array(new BigUint64Array([BigInt(value)]).buffer)
}
