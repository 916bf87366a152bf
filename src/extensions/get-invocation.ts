import type { EventRecord } from '../ports/event-records.ts'
import { GATEWAY_LOG_STREAM } from '../ports/function-log.ts'
import type { LogQuery } from '../ports/log-groups.ts'
import type { Ports } from '../ports/ports.ts'
import { eventNotFound } from './event-not-found.ts'
import { invocationShape } from './wire-shapes.ts'

const MOST_LINES = 1000
/** By so much the clocks of those who write may differ. */
const SKEW_MILLISECONDS = 1000
/** A call's lines come at its end, and stand behind those that came meanwhile. */
const LATE_MILLISECONDS = 60_000

/** What became of an event, and what its function wrote meanwhile. */
export async function getInvocation(
  { events, logs }: Pick<Ports, 'events' | 'logs'>,
  functionName: string,
  requestId: string,
) {
  const event = await events.get(functionName, requestId)
  if (event === undefined) throw eventNotFound('Event', functionName, requestId)
  const readings = await Promise.all(
    placesOfLines(event).map((place) =>
      logs.read(`/aws/lambda/${functionName}`, {
        ...place,
        pattern: { allOf: [requestId], noneOf: [], anyOf: [] },
        limit: MOST_LINES,
      }),
    ),
  )
  const found = readings.flatMap((reading) => (reading.kind === 'page' ? reading.events : []))
  const byId = new Map(found.map(({ id, message }) => [id, message]))
  const lines = Array.from(byId).sort(([a], [b]) => a - b)
  return {
    ...invocationShape(event),
    LogLines: lines.slice(0, MOST_LINES).map(([, message]) => message),
  }
}

/** Where its lines can be: the whole log of a busy function is more than one request looks at. */
function placesOfLines(
  event: EventRecord,
): Pick<LogQuery, 'streams' | 'startMilliseconds' | 'endMilliseconds'>[] {
  const startMilliseconds = event.acceptedAtMilliseconds - SKEW_MILLISECONDS
  const ofGateway = { startMilliseconds, streams: { names: [GATEWAY_LOG_STREAM] } }
  // Of a try whose end was lost nobody knows where it was.
  const ofLost = event.faults > 0 ? [{ startMilliseconds }] : []
  const ofAttempts = event.attempts.map((attempt) => ({
    streams: attempt.instance === undefined ? undefined : { names: [attempt.instance] },
    startMilliseconds: attempt.startedAtMilliseconds - SKEW_MILLISECONDS,
    endMilliseconds:
      attempt.startedAtMilliseconds + attempt.durationMilliseconds + LATE_MILLISECONDS,
  }))
  return [ofGateway, ...ofLost, ...ofAttempts]
}
