import { equalInConstantTime } from './hex.ts'
import { hmacSha256 } from './hmac.ts'
import { invalidParameterValue } from './service-error.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'

const SEAL_BYTES = 16

/** What a marker is sealed with, and for: one operation's marker means nothing to another. */
export interface MarkerSeal {
  secret: string
  operation: string
}

/**
 * Wraps a store's cursor so that it travels in a query without escaping, under a seal: what comes
 * back and was never given out stays away from the store, which could make anything of it.
 */
export function toMarker(seal: MarkerSeal, cursor: string): string {
  const key = hmacSha256(seal.secret, 'lambda-edge-gateway/marker/1')
  const mac = hmacSha256(key, `${seal.operation}\n${cursor}`)
  let binary = ''
  for (const byte of mac.subarray(0, SEAL_BYTES)) binary += String.fromCharCode(byte)
  for (const byte of encodeUtf8(cursor)) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The cursor in a marker. Throws InvalidParameterValueException for what `toMarker` never made. */
export function fromMarker(seal: MarkerSeal, marker: string): string {
  const cursor = openMarker(seal, marker)
  if (cursor !== undefined) return cursor
  throw invalidParameterValue(`The marker '${marker}' is not one that this operation returned`)
}

/** As `fromMarker`, with `undefined` for what `toMarker` never made. */
export function openMarker(seal: MarkerSeal, marker: string): string | undefined {
  const cursor = sealedCursor(marker)
  if (cursor === undefined) return undefined
  return equalInConstantTime(toMarker(seal, cursor), marker) ? cursor : undefined
}

function sealedCursor(marker: string): string | undefined {
  try {
    const binary = atob(marker.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    return decodeUtf8(bytes.subarray(SEAL_BYTES))
  } catch {
    // Not base64, or not text: nothing that could be sealed.
    return undefined
  }
}
