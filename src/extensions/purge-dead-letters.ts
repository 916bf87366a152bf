import type { Ports } from '../ports/ports.ts'
import type { DeadLetterChoiceRequest } from './shapes.ts'

/** Deletes events that were given up, for good. */
export async function purgeDeadLetters(
  { deadLetters }: Pick<Ports, 'deadLetters'>,
  { FunctionName, RequestIds: requestIds }: DeadLetterChoiceRequest,
) {
  const choice = requestIds === undefined ? 'all' : { requestIds }
  return { Purged: await deadLetters.purge(FunctionName, choice) }
}
