import { invalidParameterValue } from '../aws/service-error.ts'
import {
  couldNotUnzip,
  DIRECTORY_HEADER_BYTES,
  parseEntry,
  uint64,
  type ZipEntry,
} from './zip-entry.ts'

/** Bytes that can be read in part: a stored object, a file, an array. */
export interface ByteSource {
  /** In bytes. */
  size: number
  /** Exactly `length` bytes from `offset` on; the range must lie within `size`. */
  read(offset: number, length: number): Promise<Uint8Array>
}

export const LOCAL_HEADER_BYTES = 30
const END_BYTES = 22
const ZIP64_LOCATOR_BYTES = 20
const ZIP64_END_BYTES = 56
const MAX_COMMENT_BYTES = 0xffff

const DIRECTORY_SIGNATURE = 0x02014b50
const END_SIGNATURE = 0x06054b50
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50
const ZIP64_END_SIGNATURE = 0x06064b50

/** Both bound what a zip makes an isolate of 128 MB hold before any declared size is checked. */
const MAX_DIRECTORY_BYTES = 16 * 1024 * 1024
const MAX_ENTRIES = 100_000

type ReadView = (offset: number, length: number) => Promise<DataView>

interface Directory {
  start: number
  size: number
  entryCount: number
  /** What must be added to the zip's own offsets: the length of whatever stands before it. */
  base: number
}

/**
 * Lists what a zip contains, in the directory's order, by one to four range reads; file data is not
 * looked at. Throws InvalidParameterValueException for what is no zip, is encrypted, split over
 * disks, packed by a method other than stored and deflated, or has too large a directory.
 */
export async function readZipDirectory(source: ByteSource): Promise<ZipEntry[]> {
  if (source.size < END_BYTES) throw couldNotUnzip()
  const tailStart = Math.max(0, source.size - END_BYTES - MAX_COMMENT_BYTES)
  const tail = await source.read(tailStart, source.size - tailStart)
  const read: ReadView = async (offset, length) => {
    if (offset + length > source.size) throw couldNotUnzip()
    if (offset < tailStart) return viewOf(await source.read(offset, length))
    return viewOf(tail.subarray(offset - tailStart, offset - tailStart + length))
  }
  const directory = await locateDirectory(read, findEnd(viewOf(tail), tailStart))
  return parseEntries(await read(directory.start, directory.size), directory)
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * Where the end record starts. Its signature may occur in the comment as well, so the comment must
 * reach exactly to the end of the source and the directory must have room before the record.
 */
function findEnd(tail: DataView, tailStart: number): number {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_SIGNATURE) continue
    if (at + END_BYTES + tail.getUint16(at + 20, true) !== tail.byteLength) continue
    const directoryBytes = tail.getUint32(at + 12, true)
    if (directoryBytes <= tailStart + at || directoryBytes === 0xffffffff) return tailStart + at
  }
  throw couldNotUnzip()
}

async function locateDirectory(read: ReadView, endOffset: number): Promise<Directory> {
  const end = await read(endOffset, END_BYTES)
  const entryCount = end.getUint16(10, true)
  const size = end.getUint32(12, true)
  const start = end.getUint32(16, true)
  // All three may also be meant literally; then there is no zip64 locator.
  if (entryCount === 0xffff || size === 0xffffffff || start === 0xffffffff) {
    const zip64 = await locateZip64Directory(read, endOffset - ZIP64_LOCATOR_BYTES)
    if (zip64 !== undefined) return zip64
  }
  requireOneDisk(end.getUint16(4, true), end.getUint16(6, true))
  return directoryBefore(endOffset, size, start, entryCount)
}

async function locateZip64Directory(
  read: ReadView,
  locatorOffset: number,
): Promise<Directory | undefined> {
  if (locatorOffset < 0) return undefined
  const locator = await read(locatorOffset, ZIP64_LOCATOR_BYTES)
  if (locator.getUint32(0, true) !== ZIP64_LOCATOR_SIGNATURE) return undefined
  const endOffset = uint64(locator, 8)
  const end = await read(endOffset, ZIP64_END_BYTES)
  if (end.getUint32(0, true) !== ZIP64_END_SIGNATURE) throw couldNotUnzip()
  const entryCount = uint64(end, 32)
  requireOneDisk(locator.getUint32(4, true), end.getUint32(16, true), end.getUint32(20, true))
  return directoryBefore(endOffset, uint64(end, 40), uint64(end, 48), entryCount)
}

function requireOneDisk(...disks: number[]): void {
  if (disks.some((disk) => disk !== 0)) throw couldNotUnzip()
}

/** The directory ends where the end record starts; something may stand before the whole zip. */
function directoryBefore(
  end: number,
  size: number,
  statedStart: number,
  entryCount: number,
): Directory {
  const start = end - size
  const base = start - statedStart
  if (base < 0) throw couldNotUnzip()
  if (size > MAX_DIRECTORY_BYTES || entryCount > MAX_ENTRIES) {
    throw invalidParameterValue(
      `The package has too many files: their list may have ${MAX_ENTRIES} entries and ` +
        `${MAX_DIRECTORY_BYTES} bytes, and has ${entryCount} entries and ${size} bytes`,
    )
  }
  return { start, size, entryCount, base }
}

function parseEntries(view: DataView, { start, entryCount, base }: Directory): ZipEntry[] {
  const part = (from: number, to: number) =>
    new DataView(view.buffer, view.byteOffset + from, to - from)
  const entries: ZipEntry[] = []
  let at = 0
  while (at < view.byteLength) {
    if (at + DIRECTORY_HEADER_BYTES > view.byteLength) throw couldNotUnzip()
    if (view.getUint32(at, true) !== DIRECTORY_SIGNATURE) throw couldNotUnzip()
    const nameEnd = at + DIRECTORY_HEADER_BYTES + view.getUint16(at + 28, true)
    const extraEnd = nameEnd + view.getUint16(at + 30, true)
    const next = extraEnd + view.getUint16(at + 32, true)
    if (next > view.byteLength) throw couldNotUnzip()
    const entry = parseEntry(part(at, nameEnd), part(nameEnd, extraEnd), base)
    const earliestEnd = entry.localHeaderOffset + LOCAL_HEADER_BYTES + entry.compressedSize
    if (earliestEnd > start) throw couldNotUnzip()
    entries.push(entry)
    at = next
  }
  if (entries.length !== entryCount) throw couldNotUnzip()
  return entries
}
