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
  { functions }: Pick<Ports, 'functions'>,
  { Marker, MaxItems }: ListFunctionsRequest,
): Promise<ListFunctionsResponse> {
  const cursor = Marker === undefined ? undefined : fromMarker(Marker)
  const page = await functions.list(MaxItems, cursor)
  const Functions = page.records.map((record) => record.configuration)
  return page.cursor === undefined
    ? { Functions }
    : { NextMarker: toMarker(page.cursor), Functions }
}
