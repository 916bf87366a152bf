import type { LogEvent, LogQuery } from '../ports/log-groups.ts'
import type { Ports } from '../ports/ports.ts'
import { parseFilterPattern } from './filter-pattern.ts'
import { invalidParameter } from './invalid-parameter.ts'
import { logGroupNameOf } from './log-group-name.ts'
import { pageOf } from './not-found.ts'
import { fromToken, idOf, idText, toToken } from './page-token.ts'
import type { FilterLogEventsRequest } from './shapes.ts'

interface FilteredLogEvent {
  logStreamName: string
  timestamp: number
  message: string
  ingestionTime: number
  eventId: string
}

interface FilterLogEventsResponse {
  events: FilteredLogEvent[]
  /** Empty since 2020, but there. */
  searchedLogStreams: []
  nextToken?: string
}

/** Events of all streams of a group, in one order. `endTime` is the last that counts. */
export async function filterLogEvents(
  { logs, settings }: Pick<Ports, 'logs' | 'settings'>,
  input: FilterLogEventsRequest,
): Promise<FilterLogEventsResponse> {
  const reading = await logs.read(logGroupNameOf(settings, input), {
    streams: streamsOf(input),
    startMilliseconds: input.startTime,
    endMilliseconds: input.endTime === undefined ? undefined : input.endTime + 1,
    pattern: parseFilterPattern(input.filterPattern),
    after:
      input.nextToken === undefined
        ? undefined
        : idOf(fromToken(settings, 'event', input.nextToken)),
    limit: input.limit,
  })
  const { events, next } = pageOf(reading)
  return {
    events: events.map(toFiltered),
    searchedLogStreams: [],
    ...(next === undefined ? {} : { nextToken: toToken(settings, 'event', idText(next)) }),
  }
}

function streamsOf(input: FilterLogEventsRequest): LogQuery['streams'] {
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input
  if (names !== undefined && prefix !== undefined) {
    throw invalidParameter(
      'LogStream names and LogStream name prefix are mutually exclusive parameters.',
    )
  }
  if (names !== undefined) return { names }
  return prefix === undefined ? undefined : { prefix }
}

function toFiltered(event: LogEvent): FilteredLogEvent {
  return {
    logStreamName: event.logStreamName,
    timestamp: event.timestampMilliseconds,
    message: event.message,
    ingestionTime: event.ingestionMilliseconds,
    eventId: idText(event.id),
  }
}
