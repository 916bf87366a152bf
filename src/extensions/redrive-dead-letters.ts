import type { Ports } from '../ports/ports.ts'
import type { DeadLetterChoiceRequest } from './shapes.ts'

/** Sends events again, under their request ids and with all tries anew. */
export async function redriveDeadLetters(
  { deadLetters }: Pick<Ports, 'deadLetters'>,
  { FunctionName, RequestIds: requestIds }: DeadLetterChoiceRequest,
) {
  const choice = requestIds === undefined ? 'all' : { requestIds }
  return { Redriven: await deadLetters.redrive(FunctionName, choice) }
}
