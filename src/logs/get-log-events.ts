import type { LogEvent } from '../ports/log-groups.ts'
import type { Ports } from '../ports/ports.ts'
import { logGroupNameOf } from './log-group-name.ts'
import { pageOf } from './not-found.ts'
import { idOf, idText, invalidToken } from './page-token.ts'
import type { GetLogEventsRequest } from './shapes.ts'

interface OutputLogEvent {
  timestamp: number
  message: string
  ingestionTime: number
}

interface GetLogEventsResponse {
  events: OutputLogEvent[]
  nextForwardToken: string
  nextBackwardToken: string
}

/** A place between events, seen in the direction of reading. */
interface Place {
  isBackward: boolean
  /** The event before it or, backwards, the one after it. */
  id: number
}

/**
 * One stream's events, oldest first, whichever end the page was cut from. A token asked again at
 * the end answers itself: that is how clients see that there is no more.
 */
export async function getLogEvents(
  { logs, settings }: Pick<Ports, 'logs' | 'settings'>,
  input: GetLogEventsRequest,
): Promise<GetLogEventsResponse> {
  const place = input.nextToken === undefined ? undefined : parseToken(input.nextToken)
  const isReversed = place?.isBackward ?? !input.startFromHead
  const reading = await logs.read(logGroupNameOf(settings, input), {
    streams: { names: [input.logStreamName] },
    startMilliseconds: input.startTime,
    endMilliseconds: input.endTime,
    limit: input.limit,
    after: place?.id,
    isReversed,
  })
  const { events } = pageOf(reading)
  if (isReversed) events.reverse()
  const [before, after] = around(place, isReversed)
  return {
    events: events.map(toOutput),
    nextForwardToken: `f/${idText(events.at(-1)?.id ?? before)}`,
    nextBackwardToken: `b/${idText(events.at(0)?.id ?? after)}`,
  }
}

/** What goes on from an empty page: the ids on both sides of its place, or else of everything. */
function around(place: Place | undefined, isReversed: boolean): [before: number, after: number] {
  if (place === undefined) return [0, Number.MAX_SAFE_INTEGER]
  return isReversed ? [Math.max(place.id - 1, 0), place.id] : [place.id, place.id + 1]
}

function parseToken(token: string): Place {
  const [, direction, id] = /^([fb])\/(\d{56})$/.exec(token) ?? []
  if (direction === undefined || id === undefined) throw invalidToken()
  return { isBackward: direction === 'b', id: idOf(id) }
}

function toOutput(event: LogEvent): OutputLogEvent {
  return {
    timestamp: event.timestampMilliseconds,
    message: event.message,
    ingestionTime: event.ingestionMilliseconds,
  }
}
