import { DeadLetter } from './answers.ts'
import type { Gateway } from './gateway.ts'
import type { Output } from './output.ts'
import { eventsPath } from './paths.ts'
import { attemptTable } from './show.ts'

/** One event that was given up, with its payload. */
export async function deadShow(
  gateway: Gateway,
  output: Output,
  functionName: string,
  requestId: string,
): Promise<void> {
  const path = `${eventsPath(functionName)}/dead-letters/${encodeURIComponent(requestId)}`
  const letter = await gateway.json(DeadLetter, { method: 'GET', path })
  if (output.isJson) {
    output.line(JSON.stringify(letter, null, 2))
    return
  }
  output.line(`Accepted:  ${letter.AcceptedAt}`)
  output.line(`Given up:  ${letter.DiedAt}`)
  output.line(`Reason:    ${letter.Reason}`)
  output.line(`Payload:   ${letter.Payload}`)
  attemptTable(output, letter.Attempts)
}
