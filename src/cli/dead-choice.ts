import { z } from 'zod'
import { Failure } from './failure.ts'
import type { Gateway } from './gateway.ts'
import type { Output } from './output.ts'
import { eventsPath } from './paths.ts'

/** The gateway's own bound for one request. */
const MAX_REQUEST_IDS = 1000

/** Which dead letters of which function. */
export interface DeadChoice {
  functionName: string
  requestIds: string[]
  isAll: boolean
}

/** What is done with them: the last part of the path, the answer's member, and how it is told. */
export interface DeadAction {
  path: 'purge' | 'redrive'
  member: 'Purged' | 'Redriven'
  told: string
}

/** Does it with all that are chosen, and tells how many there were. Throws when some were not. */
export async function changeDeadLetters(
  gateway: Gateway,
  output: Output,
  { functionName, requestIds, isAll }: DeadChoice,
  { path, member, told }: DeadAction,
): Promise<void> {
  const Answer = z.record(z.literal(member), z.number())
  let count = 0
  for (const body of choiceBodies(requestIds, isAll)) {
    const target = `${eventsPath(functionName)}/dead-letters/${path}`
    const answer = await gateway.json(Answer, { method: 'POST', path: target, body })
    count += answer[member]
  }
  output.line(output.isJson ? JSON.stringify({ [member]: count }) : `${told}: ${count}`)
  checkCount(told, count, requestIds)
}

/**
 * The bodies that name the chosen dead letters to the gateway. Without ids it takes all of them, so
 * that has to be said: a script whose list came out empty does not mean everything.
 */
function choiceBodies(requestIds: string[], isAll: boolean): string[] {
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
function checkCount(done: string, count: number, requestIds: string[]): void {
  const asked = new Set(requestIds).size
  if (count < asked) {
    throw new Failure(`${done} ${count} of ${asked}: the others are not among the dead letters`)
  }
}
