import { invalidParameterValue, type ServiceError } from '../aws/service-error.ts'

/** One entry of a zip's central directory. Sizes and offsets in bytes. */
export interface ZipEntry {
  /** As the zip spells it, unchecked: `entryPath` says where it belongs. */
  name: string
  /** 0 is stored, 8 is deflated. */
  method: 0 | 8
  compressedSize: number
  /** What the zip declares; `readEntries` holds it to that. */
  size: number
  crc32: number
  /** From the start of the source. */
  localHeaderOffset: number
  kind: 'file' | 'directory' | 'symlink'
}

export const DIRECTORY_HEADER_BYTES = 46

const ZIP64_EXTRA_ID = 0x0001
const FLAG_ENCRYPTED = 1 << 0
const FLAG_UTF8 = 1 << 11
/** "Version made by": Unix and OS X; only these keep a Unix mode in the external attributes. */
const UNIX_HOSTS = [3, 19]
const MODE_TYPE_MASK = 0o170000
const MODE_SYMLINK = 0o120000

const CP437_UPPER_HALF =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'

/** AWS's one answer to everything that is no proper zip. */
export function couldNotUnzip(): ServiceError {
  return invalidParameterValue(
    'Could not unzip uploaded file. Please check your file, then try to upload again.',
  )
}

/** Eight bytes as a number, rounded above 2^53: as a size or an offset that is far too large anyway. */
export function uint64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true))
}

/**
 * Parses one directory header with its name, and the extra fields after it. `base` is added to its
 * offset. Throws couldNotUnzip for what is encrypted, on another disk or packed by another method.
 */
export function parseEntry(header: DataView, extra: DataView, base: number): ZipEntry {
  const flags = header.getUint16(8, true)
  const method = header.getUint16(10, true)
  const wide = zip64Values(extra)
  // The zip64 field holds only the values that are saturated here, in just this order.
  const size = widened(header.getUint32(24, true), 0xffffffff, () => wide.next(8))
  const compressedSize = widened(header.getUint32(20, true), 0xffffffff, () => wide.next(8))
  const offset = widened(header.getUint32(42, true), 0xffffffff, () => wide.next(8))
  const disk = widened(header.getUint16(34, true), 0xffff, () => wide.next(4))
  if ((flags & FLAG_ENCRYPTED) !== 0 || disk !== 0) throw couldNotUnzip()
  if (method !== 0 && method !== 8) throw couldNotUnzip()
  if (method === 0 && compressedSize !== size) throw couldNotUnzip()
  const name = decodeName(header, flags)
  const mode = UNIX_HOSTS.includes(header.getUint8(5)) ? header.getUint16(40, true) : 0
  const crc32 = header.getUint32(16, true)
  const kind = kindOf(name, mode)
  return { name, method, compressedSize, size, crc32, localHeaderOffset: base + offset, kind }
}

function kindOf(name: string, mode: number): ZipEntry['kind'] {
  if (name.endsWith('/')) return 'directory'
  return (mode & MODE_TYPE_MASK) === MODE_SYMLINK ? 'symlink' : 'file'
}

function widened(value: number, saturated: number, next: () => number | undefined): number {
  return value === saturated ? (next() ?? value) : value
}

/** Reads the zip64 extra field's values one after the other; `undefined` when there is no more. */
function zip64Values(extra: DataView): { next: (bytes: 4 | 8) => number | undefined } {
  let at = 0
  while (at + 4 <= extra.byteLength && extra.getUint16(at, true) !== ZIP64_EXTRA_ID) {
    at += 4 + extra.getUint16(at + 2, true)
  }
  const isFound = at + 4 <= extra.byteLength
  const end = isFound ? Math.min(at + 4 + extra.getUint16(at + 2, true), extra.byteLength) : 0
  at += 4
  return {
    next(bytes) {
      if (at + bytes > end) return undefined
      at += bytes
      return bytes === 8 ? uint64(extra, at - 8) : extra.getUint32(at - 4, true)
    },
  }
}

// Not every tool that writes UTF-8 says so in the flag, and CP437 text is hardly ever valid UTF-8.
function decodeName(header: DataView, flags: number): string {
  const bytes = new Uint8Array(header.buffer, header.byteOffset, header.byteLength).subarray(
    DIRECTORY_HEADER_BYTES,
  )
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    if ((flags & FLAG_UTF8) !== 0) throw couldNotUnzip()
    const character = (byte: number) =>
      byte < 0x80 ? String.fromCharCode(byte) : CP437_UPPER_HALF.charAt(byte - 0x80)
    return Array.from(bytes, character).join('')
  }
}
