import { changeDeadLetters, type DeadChoice } from './dead-choice.ts'
import type { Gateway } from './gateway.ts'
import type { Output } from './output.ts'

/** Deletes events that were given up, for good. */
export function deadPurge(gateway: Gateway, output: Output, choice: DeadChoice): Promise<void> {
  const action = { path: 'purge', member: 'Purged', told: 'Deleted' } as const
  return changeDeadLetters(gateway, output, choice, action)
}
