import { z } from 'zod'
import { checkCount, choiceBodies } from './dead-choice.ts'
import type { Gateway } from './gateway.ts'
import type { Output } from './output.ts'
import { eventsPath } from './paths.ts'

const Answer = z.object({ Purged: z.number() })

/** Deletes events that were given up, for good. */
export async function deadPurge(
  gateway: Gateway,
  output: Output,
  functionName: string,
  requestIds: string[],
  isAll: boolean,
): Promise<void> {
  const path = `${eventsPath(functionName)}/dead-letters/purge`
  let Purged = 0
  for (const body of choiceBodies(requestIds, isAll)) {
    const answer = await gateway.json(Answer, { method: 'POST', path, body })
    Purged += answer.Purged
  }
  output.line(output.isJson ? JSON.stringify({ Purged }) : `Deleted: ${Purged}`)
  checkCount('Deleted', Purged, requestIds)
}
