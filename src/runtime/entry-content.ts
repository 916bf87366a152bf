import { crc32 } from './crc32.ts'
import { inflate, inflateSmall } from './inflate.ts'
import { LOCAL_HEADER_BYTES, viewOf, type ByteSource } from './zip-directory.ts'
import { couldNotUnzip, type ZipEntry } from './zip-entry.ts'

export type Read = ByteSource['read']

/** A file and all that can belong to it: its header, name, extra fields and data. */
export interface Span {
  entry: ZipEntry
  start: number
  end: number
}

const LOCAL_HEADER_SIGNATURE = 0x04034b50
/** Inflated at once, which holds up all else meanwhile: so little can only be a short wait. */
const SMALL_COMPRESSED_BYTES = 16 * 1024
const SMALL_BYTES = 256 * 1024

/**
 * One entry unzipped, by reads of at most `step` bytes. Throws couldNotUnzip, at its end at the
 * latest, when it is not of the size and CRC-32 that the entry declares.
 */
export async function* entryContent(
  read: Read,
  { entry, start, end }: Span,
  step: number,
): AsyncGenerator<Uint8Array> {
  const header = viewOf(await read(start, LOCAL_HEADER_BYTES))
  if (header.getUint32(0, true) !== LOCAL_HEADER_SIGNATURE) throw couldNotUnzip()
  // The extra field here often differs in length from the one in the directory.
  const nameAndExtra = header.getUint16(26, true) + header.getUint16(28, true)
  const dataStart = start + LOCAL_HEADER_BYTES + nameAndExtra
  if (dataStart + entry.compressedSize > end) throw couldNotUnzip()
  let length = 0
  let crc = 0
  for await (const chunk of unpacked(read, dataStart, entry, step)) {
    length += chunk.length
    if (length > entry.size) throw couldNotUnzip()
    crc = crc32(chunk, crc)
    yield chunk
  }
  if (length !== entry.size || crc !== entry.crc32) throw couldNotUnzip()
}

async function* unpacked(
  read: Read,
  start: number,
  { method, compressedSize, size }: ZipEntry,
  step: number,
): AsyncGenerator<Uint8Array> {
  const isSmall = compressedSize <= Math.min(SMALL_COMPRESSED_BYTES, step) && size <= SMALL_BYTES
  const pieces = piecesOf(read, start, start + compressedSize, step)
  if (method === 0) yield* pieces
  else if (isSmall) yield inflateSmall(await read(start, compressedSize), size)
  else yield* inflate(pieces)
}

async function* piecesOf(
  read: Read,
  start: number,
  end: number,
  step: number,
): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += step) yield await read(at, Math.min(step, end - at))
}
