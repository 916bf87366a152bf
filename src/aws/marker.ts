import { invalidParameterValue } from './service-error.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'

/** Wraps a store's cursor so that it travels in a query without escaping. */
export function toMarker(cursor: string): string {
  return btoa(String.fromCharCode(...encodeUtf8(cursor)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** The cursor in a marker. Throws InvalidParameterValueException for what `toMarker` never made. */
export function fromMarker(marker: string): string {
  try {
    const binary = atob(marker.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    const cursor = decodeUtf8(bytes)
    if (cursor !== '' && toMarker(cursor) === marker) return cursor
  } catch {
    // Not base64, or not text: the same answer as below.
  }
  throw invalidParameterValue(`The marker '${marker}' is not one that this operation returned`)
}
