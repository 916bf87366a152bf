import { fromMarker, toMarker } from '../aws/marker.ts'
import type { Page, PageRequest } from '../ports/directory.ts'
import type { IamPorts } from './query-operation.ts'

interface Paged {
  Marker?: string | undefined
  MaxItems: number
}

/** Which page is asked for. A marker is good for the list that it came with. */
export function pageRequest(
  { settings }: Pick<IamPorts, 'settings'>,
  list: string,
  { Marker, MaxItems }: Paged,
): PageRequest {
  const seal = { secret: settings.rootSecretAccessKey, operation: list }
  const after = Marker === undefined ? undefined : fromMarker(seal, Marker)
  return { limit: MaxItems, after }
}

/** What a list says of there being more. */
export function pageEnd(
  { settings }: Pick<IamPorts, 'settings'>,
  list: string,
  { next }: Page<unknown>,
): { IsTruncated: boolean; Marker?: string } {
  if (next === undefined) return { IsTruncated: false }
  const seal = { secret: settings.rootSecretAccessKey, operation: list }
  return { IsTruncated: true, Marker: toMarker(seal, next) }
}
