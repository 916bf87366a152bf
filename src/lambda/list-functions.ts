import type { FunctionConfiguration } from '../aws/function-configuration.ts'
import { fromMarker, toMarker } from '../aws/marker.ts'
import type { Ports } from '../ports/ports.ts'
import type { ListFunctionsRequest } from './shapes.ts'

interface ListFunctionsResponse {
  /** Absent, not empty, on the last page. */
  NextMarker?: string
  Functions: FunctionConfiguration[]
}

export async function listFunctions(
  { functions, settings }: Pick<Ports, 'functions' | 'settings'>,
  { Marker, MaxItems }: ListFunctionsRequest,
): Promise<ListFunctionsResponse> {
  const seal = { secret: settings.rootSecretAccessKey, operation: 'ListFunctions' }
  const cursor = Marker === undefined ? undefined : fromMarker(seal, Marker)
  const page = await functions.list(MaxItems, cursor)
  const Functions = page.records.map((record) => record.configuration)
  return page.cursor === undefined
    ? { Functions }
    : { NextMarker: toMarker(seal, page.cursor), Functions }
}
