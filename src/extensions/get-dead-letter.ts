import type { Ports } from '../ports/ports.ts'
import { eventNotFound } from './event-not-found.ts'
import { deadLetterShape } from './wire-shapes.ts'

export async function getDeadLetter(
  { deadLetters }: Pick<Ports, 'deadLetters'>,
  functionName: string,
  requestId: string,
) {
  const letter = await deadLetters.get(functionName, requestId)
  if (letter === undefined) throw eventNotFound('Dead letter', functionName, requestId)
  return deadLetterShape(letter)
}
