import { Failure } from './failure.ts'

/** The gateway's own bound for one request. */
const MAX_REQUEST_IDS = 1000

/**
 * The bodies that name the chosen dead letters to the gateway. Without ids it takes all of them, so
 * that has to be said: a script whose list came out empty does not mean everything.
 */
export function choiceBodies(requestIds: string[], isAll: boolean): string[] {
  if (isAll === requestIds.length > 0) {
    throw new Failure(
      isAll ? 'Give request ids or --all, not both' : 'Say which: request ids, or --all',
    )
  }
  if (isAll) return ['{}']
  const unique = [...new Set(requestIds)]
  const count = Math.ceil(unique.length / MAX_REQUEST_IDS)
  return Array.from({ length: count }, (_, index) => {
    const RequestIds = unique.slice(index * MAX_REQUEST_IDS, (index + 1) * MAX_REQUEST_IDS)
    return JSON.stringify({ RequestIds })
  })
}

/** Throws when fewer were there than were named. */
export function checkCount(done: string, count: number, requestIds: string[]): void {
  const asked = new Set(requestIds).size
  if (count < asked) {
    throw new Failure(`${done} ${count} of ${asked}: the others are not among the dead letters`)
  }
}
