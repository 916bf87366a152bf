import type { Ports } from '../ports/ports.ts'
import { eventNotFound } from './event-not-found.ts'
import { invocationShape } from './wire-shapes.ts'

const MOST_LINES = 1000

/** What became of an event, and what its function wrote meanwhile. */
export async function getInvocation(
  { events, logs }: Pick<Ports, 'events' | 'logs'>,
  functionName: string,
  requestId: string,
) {
  const event = await events.get(functionName, requestId)
  if (event === undefined) throw eventNotFound('Event', functionName, requestId)
  const reading = await logs.read(`/aws/lambda/${functionName}`, {
    pattern: { allOf: [requestId], noneOf: [], anyOf: [] },
    limit: MOST_LINES,
  })
  const lines = reading.kind === 'page' ? reading.events : []
  return { ...invocationShape(event), LogLines: lines.map(({ message }) => message) }
}
