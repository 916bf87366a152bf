import { isIP } from 'node:net'
import type { Lookup } from './checked-address.ts'
import { Turns } from './turns.ts'

/**
 * The system's lookups block a thread each, of which Deno has 32 for everything: files, too. A hundred
 * names of a slow server kept uploads and other functions waiting until it had answered (2.9.5).
 */
const LOOKUPS_OF_ALL = 16
const LOOKUPS_OF_A_PROCESS = 4
const DEADLINE_MILLISECONDS = 10_000

/** For each process a lookup of its own, all of which together take so many threads and no more. */
export function boundedLookups(find: Lookup): () => Lookup {
  const ofAll = new Turns(LOOKUPS_OF_ALL)
  return () => {
    const ofProcess = new Turns(LOOKUPS_OF_A_PROCESS)
    return async (host) => {
      const family = isIP(host)
      if (family !== 0) return [{ address: host, family }]
      const deadline = Promise.withResolvers<never>()
      let isTooLate = false
      const timer = setTimeout(() => {
        isTooLate = true
        deadline.reject(new Error(`${host} was not resolved in time`))
      }, DEADLINE_MILLISECONDS)
      const nothing = () => Promise.resolve([])
      // Nobody can end a lookup: it has its turn for as long as it takes.
      const found = ofProcess.take(() =>
        isTooLate ? nothing() : ofAll.take(() => (isTooLate ? nothing() : find(host))),
      )
      return Promise.race([found, deadline.promise]).finally(() => clearTimeout(timer))
    }
  }
}
