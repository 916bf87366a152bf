const encoder = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  // A copy, because not every platform's types say that `encode` makes a buffer of its own.
  return new Uint8Array(encoder.encode(text))
}

export function utf8Length(text: string): number {
  return isAscii(text) ? text.length : encoder.encode(text).byteLength
}

/** Of such a text each character is one byte. */
export function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text)
}

/** The text, with its byte order mark if it has one. Throws a TypeError for what is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array | ArrayBuffer): string {
  return strict.decode(bytes)
}
