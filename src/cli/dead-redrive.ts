import { z } from 'zod'
import { checkCount, choiceBodies } from './dead-choice.ts'
import type { Gateway } from './gateway.ts'
import type { Output } from './output.ts'
import { eventsPath } from './paths.ts'

const Answer = z.object({ Redriven: z.number() })

/** Sends events that were given up again: all tries anew, under the same request ids. */
export async function deadRedrive(
  gateway: Gateway,
  output: Output,
  functionName: string,
  requestIds: string[],
  isAll: boolean,
): Promise<void> {
  const path = `${eventsPath(functionName)}/dead-letters/redrive`
  let Redriven = 0
  for (const body of choiceBodies(requestIds, isAll)) {
    const answer = await gateway.json(Answer, { method: 'POST', path, body })
    Redriven += answer.Redriven
  }
  output.line(output.isJson ? JSON.stringify({ Redriven }) : `Sent again: ${Redriven}`)
  checkCount('Sent again', Redriven, requestIds)
}
