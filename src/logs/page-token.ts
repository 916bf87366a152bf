import { openMarker, toMarker, type MarkerSeal } from '../aws/marker.ts'
import type { Settings } from '../aws/settings.ts'
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
export function toToken(settings: Settings, order: string, end: string): string {
  return toMarker(sealOf(settings, order), end)
}

/** The page's end. Throws InvalidParameterException for what `toToken` never made. */
export function fromToken(settings: Settings, order: string, token: string): string {
  const end = openMarker(sealOf(settings, order), token)
  if (end === undefined) throw invalidToken()
  return end
}

function sealOf({ rootSecretAccessKey }: Settings, order: string): MarkerSeal {
  return { secret: rootSecretAccessKey, operation: `logs/${order}` }
}

export function invalidToken(): Error {
  return invalidParameter('The specified nextToken is invalid.')
}
