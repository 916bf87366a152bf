import { decodeUtf8, encodeUtf8 } from '../aws/utf8.ts'
import { invalidParameter } from './invalid-parameter.ts'

/** An event's id as CloudWatch writes it, in 56 digits. */
export function idText(id: number): string {
  return String(id).padStart(56, '0')
}

/** Throws InvalidParameterException, in CloudWatch's words, for what `idText` never made. */
export function idOf(text: string): number {
  const id = Number(text)
  if (!/^\d{56}$/.test(text) || !Number.isSafeInteger(id)) throw invalidToken()
  return id
}

/** A page's end as a token; `order` keeps tokens of different orders apart. */
export function toToken(order: string, end: string): string {
  return btoa(String.fromCharCode(...encodeUtf8(`${order}/${end}`)))
}

/** The page's end. Throws InvalidParameterException for what `toToken` never made. */
export function fromToken(order: string, token: string): string {
  try {
    const bytes = Uint8Array.from(atob(token), (character) => character.charCodeAt(0))
    const end = decodeUtf8(bytes).slice(order.length + 1)
    if (end !== '' && toToken(order, end) === token) return end
  } catch {
    // Not base64, or not text: the same answer as below.
  }
  throw invalidToken()
}

export function invalidToken(): Error {
  return invalidParameter('The specified nextToken is invalid.')
}
