import { fromMarker, toMarker } from '../aws/marker.ts'
import type { Ports } from '../ports/ports.ts'
import type { ListDeadLettersRequest } from './shapes.ts'
import { deadLetterShape } from './wire-shapes.ts'

/** The events of a function that were given up, oldest first. */
export async function listDeadLetters(
  { deadLetters, settings }: Pick<Ports, 'deadLetters' | 'settings'>,
  { FunctionName, Marker, MaxItems }: ListDeadLettersRequest,
) {
  const seal = {
    secret: settings.rootSecretAccessKey,
    operation: `ListDeadLetters ${FunctionName}`,
  }
  const cursor = Marker === undefined ? undefined : fromMarker(seal, Marker)
  const page = await deadLetters.list(FunctionName, MaxItems, cursor)
  const DeadLetters = page.letters.map(deadLetterShape)
  return page.cursor === undefined
    ? { DeadLetters }
    : { NextMarker: toMarker(seal, page.cursor), DeadLetters }
}
