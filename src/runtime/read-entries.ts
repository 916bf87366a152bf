import { entryContent, type Read, type Span } from './entry-content.ts'
import { verifySizes } from './package-size.ts'
import { LOCAL_HEADER_BYTES, type ByteSource } from './zip-directory.ts'
import { couldNotUnzip, type ZipEntry } from './zip-entry.ts'

const DEFAULT_WINDOW_BYTES = 4 * 1024 * 1024
const MAX_NAME_AND_EXTRA_BYTES = 2 * 0xffff

interface Options {
  windowBytes?: number
  /** Whose contents are read: those of files, unless links are asked for. */
  kind?: 'file' | 'symlink'
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
  options: Options = {},
): Promise<void> {
  for await (const { entry, content } of contentsOf(source, entries, options)) {
    const bytes = new Uint8Array(entry.size)
    let length = 0
    for await (const chunk of content) {
      bytes.set(chunk, length)
      length += chunk.length
    }
    await onEntry(entry, bytes)
  }
}

/** Throws what `readEntries` throws, and holds no unzipped file: only a chunk at a time. */
export async function checkEntries(
  source: ByteSource,
  entries: ZipEntry[],
  options: Options = {},
): Promise<void> {
  for await (const { content } of contentsOf(source, entries, options)) {
    while ((await content.next()).done !== true);
  }
}

interface EntryContent {
  entry: ZipEntry
  /** Throws at its end, at the latest, when it is not what the entry declares. */
  content: AsyncGenerator<Uint8Array>
}

async function* contentsOf(
  source: ByteSource,
  entries: ZipEntry[],
  { windowBytes = DEFAULT_WINDOW_BYTES, kind = 'file' }: Options,
): AsyncGenerator<EntryContent> {
  verifySizes(entries)
  const files = spansOf(source, entries).filter(({ entry }) => entry.kind === kind)
  for (const { start, end, spans } of windowsOf(files, windowBytes)) {
    const read =
      end - start > windowBytes
        ? source.read.bind(source)
        : readWithin(await source.read(start, end - start), start)
    for (const span of spans) {
      yield { entry: span.entry, content: entryContent(read, span, windowBytes) }
    }
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
