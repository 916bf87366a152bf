import { verifySizes } from './verify-package.ts'
import { LOCAL_HEADER_BYTES, viewOf, type ByteSource } from './zip-directory.ts'
import { couldNotUnzip, type ZipEntry } from './zip-entry.ts'

const DEFAULT_WINDOW_BYTES = 4 * 1024 * 1024
const LOCAL_HEADER_SIGNATURE = 0x04034b50
const MAX_NAME_AND_EXTRA_BYTES = 2 * 0xffff
/** Deflate expands at most 1032 times, and a platform may inflate a whole slice before it waits. */
const INFLATE_SLICE_BYTES = 16 * 1024

type Read = ByteSource['read']

/** A file and all that can belong to it: its header, name, extra fields and data. */
interface Span {
  entry: ZipEntry
  start: number
  end: number
}

/**
 * Hands the files among `entries`, unzipped, to `onEntry`, one after the other as they lie in the
 * zip; the bytes are the receiver's to keep. Holds at most `windowBytes` (4 MiB) of the zip and one
 * unzipped file. `entries` should be all of the directory, so that overlaps are seen. Throws
 * InvalidParameterValueException when their sizes are refused by `verifySizes`, when they overlap,
 * or when a file is not of the size and CRC-32 that it declares.
 */
export async function readEntries(
  source: ByteSource,
  entries: ZipEntry[],
  onEntry: (entry: ZipEntry, bytes: Uint8Array) => void | Promise<void>,
  { windowBytes = DEFAULT_WINDOW_BYTES }: { windowBytes?: number } = {},
): Promise<void> {
  verifySizes(entries)
  const files = spansOf(source, entries).filter(({ entry }) => entry.kind === 'file')
  for (const { start, end, spans } of windowsOf(files, windowBytes)) {
    const read =
      end - start > windowBytes
        ? source.read.bind(source)
        : readWithin(await source.read(start, end - start), start)
    for (const span of spans) await onEntry(span.entry, await unzip(read, span, windowBytes))
  }
}

function spansOf(source: ByteSource, entries: ZipEntry[]): Span[] {
  const inOrder = entries.toSorted((a, b) => a.localHeaderOffset - b.localHeaderOffset)
  return inOrder.map((entry, index) => {
    const start = entry.localHeaderOffset
    const least = start + LOCAL_HEADER_BYTES + entry.compressedSize
    const limit = inOrder[index + 1]?.localHeaderOffset ?? source.size
    if (least > limit) throw couldNotUnzip()
    return { entry, start, end: Math.min(limit, least + MAX_NAME_AND_EXTRA_BYTES) }
  })
}

/** Groups neighbours that fit into one window; what does not fit by itself is left alone. */
function* windowsOf(
  files: Span[],
  windowBytes: number,
): Generator<{ start: number; end: number; spans: Span[] }> {
  let spans: Span[] = []
  let start = 0
  let end = 0
  for (const span of files) {
    if (spans.length > 0 && span.end - start > windowBytes) {
      yield { start, end, spans }
      spans = []
    }
    if (spans.length === 0) start = span.start
    end = span.end
    spans.push(span)
  }
  if (spans.length > 0) yield { start, end, spans }
}

function readWithin(window: Uint8Array, windowStart: number): Read {
  return (offset, length) =>
    Promise.resolve(window.subarray(offset - windowStart, offset - windowStart + length))
}

async function unzip(read: Read, { entry, start, end }: Span, step: number): Promise<Uint8Array> {
  const header = viewOf(await read(start, LOCAL_HEADER_BYTES))
  if (header.getUint32(0, true) !== LOCAL_HEADER_SIGNATURE) throw couldNotUnzip()
  // The extra field here often differs in length from the one in the directory.
  const nameAndExtra = header.getUint16(26, true) + header.getUint16(28, true)
  const dataStart = start + LOCAL_HEADER_BYTES + nameAndExtra
  const dataEnd = dataStart + entry.compressedSize
  if (dataEnd > end) throw couldNotUnzip()
  const pieces = piecesOf(read, dataStart, dataEnd, step)
  const bytes = new Uint8Array(entry.size)
  let length = 0
  for await (const chunk of entry.method === 0 ? pieces : inflate(pieces)) {
    if (length + chunk.length > entry.size) throw couldNotUnzip()
    bytes.set(chunk, length)
    length += chunk.length
  }
  if (length !== entry.size || crc32(bytes) !== entry.crc32) throw couldNotUnzip()
  return bytes
}

async function* piecesOf(
  read: Read,
  start: number,
  end: number,
  step: number,
): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += step) yield await read(at, Math.min(step, end - at))
}

async function* inflate(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // A failed read must not be mistaken for bad data: the one is tried again, the other refused.
  let failedRead: { error: unknown } | undefined
  const slices = slicesOf(pieces)
  const deflated = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await slices.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        failedRead = { error }
        throw error
      }
    },
  })
  try {
    yield* deflated.pipeThrough(new DecompressionStream('deflate-raw'))
  } catch {
    throw failedRead === undefined ? couldNotUnzip() : failedRead.error
  }
}

async function* slicesOf(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += INFLATE_SLICE_BYTES) {
      yield piece.slice(at, at + INFLATE_SLICE_BYTES)
    }
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return ~crc >>> 0
}
