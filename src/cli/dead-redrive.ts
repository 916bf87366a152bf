import { changeDeadLetters, type DeadChoice } from './dead-choice.ts'
import type { Gateway } from './gateway.ts'
import type { Output } from './output.ts'

/** Sends events that were given up again: all tries anew, under the same request ids. */
export function deadRedrive(gateway: Gateway, output: Output, choice: DeadChoice): Promise<void> {
  const action = { path: 'redrive', member: 'Redriven', told: 'Sent again' } as const
  return changeDeadLetters(gateway, output, choice, action)
}
