import { InvocationInFull, type Attempt } from './answers.ts'
import type { Gateway } from './gateway.ts'
import { table, type Output } from './output.ts'
import { eventsPath } from './paths.ts'

/** All that is known of one event. */
export async function show(
  gateway: Gateway,
  output: Output,
  functionName: string,
  requestId: string,
): Promise<void> {
  const event = await invocationOf(gateway, functionName, requestId)
  if (output.isJson) {
    output.line(JSON.stringify(event, null, 2))
    return
  }
  output.line(`State:     ${event.State}`)
  output.line(`Accepted:  ${event.AcceptedAt}`)
  if (event.NextTryAt !== undefined) output.line(`Next try:  ${event.NextTryAt}`)
  if (event.DiedAt !== undefined) output.line(`Given up:  ${event.DiedAt}`)
  if (event.Reason !== undefined) output.line(`Reason:    ${event.Reason}`)
  if (event.PlatformFaults > 0) output.line(`Platform faults: ${event.PlatformFaults}`)
  attemptTable(output, event.Attempts)
  if (event.LogLines.length > 0) output.line('')
  for (const line of event.LogLines) output.line(line.replace(/\n$/, ''))
}

export function invocationOf(
  gateway: Gateway,
  functionName: string,
  requestId: string,
): Promise<InvocationInFull> {
  const path = `${eventsPath(functionName)}/invocations/${encodeURIComponent(requestId)}`
  return gateway.json(InvocationInFull, { method: 'GET', path })
}

export function attemptTable(output: Output, attempts: Attempt[]): void {
  if (attempts.length === 0) return
  output.line('')
  table(
    output,
    ['ATTEMPT', 'STARTED AT', 'MILLISECONDS', 'INSTANCE', 'ERROR'],
    attempts.map((attempt, index) => [
      index + 1,
      attempt.StartedAt,
      attempt.DurationMilliseconds ?? '',
      attempt.Instance ?? '',
      attempt.ErrorMessage ?? '',
    ]),
  )
}
