import { fromMarker, toMarker } from '../aws/marker.ts'
import type { Ports } from '../ports/ports.ts'
import type { ListInvocationsRequest } from './shapes.ts'
import { invocationShape } from './wire-shapes.ts'

/** What became of a function's events, the newest first. */
export async function listInvocations(
  { events, settings }: Pick<Ports, 'events' | 'settings'>,
  { FunctionName, State, Marker, MaxItems }: ListInvocationsRequest,
) {
  const operation = `ListInvocations ${FunctionName} ${State ?? ''}`
  const seal = { secret: settings.rootSecretAccessKey, operation }
  const cursor = Marker === undefined ? undefined : fromMarker(seal, Marker)
  const page = await events.list(FunctionName, State, MaxItems, cursor)
  const Invocations = page.events.map(invocationShape)
  return page.cursor === undefined
    ? { Invocations }
    : { NextMarker: toMarker(seal, page.cursor), Invocations }
}
