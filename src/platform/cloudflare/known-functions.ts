import { BoundedMap } from '../../aws/bounded-map.ts'
import type { FunctionRecord } from '../../aws/function-configuration.ts'
import type { KnownFunctions } from '../../ports/function-store.ts'

const MAX_AGE_MILLISECONDS = 1000
const MAX_KNOWN = 1000

interface Found {
  record: FunctionRecord
  readAtMilliseconds: number
}

/** What an isolate knows of functions, from request to request: nothing yet while it reads. */
export type FunctionMemory = BoundedMap<string, { found?: Found }>

export const functionMemory = (): FunctionMemory => new BoundedMap(MAX_KNOWN)

/**
 * Remembers in `memory` what was found in `functions`, for a second: under load every event asks.
 * A function that is not there is asked for each time.
 */
export function knownFunctions(
  functions: KnownFunctions,
  memory: FunctionMemory,
  now: () => number,
): KnownFunctions {
  return {
    async get(functionName) {
      const startedAt = now()
      // Its place is taken before the read: who is forgotten meanwhile is not remembered.
      const place = memory.get(functionName) ?? {}
      if (isFresh(place.found, startedAt)) return place.found.record
      memory.set(functionName, place)
      const record = await functions.get(functionName)
      if (record !== undefined) place.found = { record, readAtMilliseconds: startedAt }
      else if (memory.get(functionName) === place) memory.delete(functionName)
      return record
    },
  }
}

function isFresh(found: Found | undefined, now: number): found is Found {
  return found !== undefined && now - found.readAtMilliseconds < MAX_AGE_MILLISECONDS
}
