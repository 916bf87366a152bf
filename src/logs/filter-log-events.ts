import type { LogEvent, LogPosition } from '../ports/log-groups.ts'
import type { Ports } from '../ports/ports.ts'
import { messageFilter } from './filter-pattern.ts'
import { logGroupNotFound } from './log-group-not-found.ts'
import { fromToken, toToken } from './log-position.ts'
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
  searchedLogStreams: []
  nextToken?: string
}

/** How many events one request looks at: a page may be short, or empty, and still not the last. */
const MAX_SEARCHED_EVENTS = 10_000

/** Events of all streams of a group, interleaved by time. `endTime` is the last that counts. */
export async function filterLogEvents(
  { logs }: Pick<Ports, 'logs'>,
  input: FilterLogEventsRequest,
): Promise<FilterLogEventsResponse> {
  const searched = await logs.read(input.logGroupName, {
    logStreamNames: input.logStreamNames,
    logStreamNamePrefix: input.logStreamNamePrefix,
    startMilliseconds: input.startTime,
    endMilliseconds: input.endTime === undefined ? undefined : input.endTime + 1,
    after: input.nextToken === undefined ? undefined : fromToken(input.nextToken),
    limit: MAX_SEARCHED_EVENTS,
  })
  if (searched === undefined) throw logGroupNotFound()
  const matches = messageFilter(input.filterPattern ?? '')
  const found = searched.filter((event) => matches(event.message))
  const page = found.slice(0, input.limit)
  const events = page.map(toFiltered)
  const next = nextPosition(searched, found, page)
  return next === undefined
    ? { events, searchedLogStreams: [] }
    : { events, searchedLogStreams: [], nextToken: toToken(next) }
}

/** After the page when it is full; else after all that was searched, if that is not the end. */
function nextPosition(
  searched: LogEvent[],
  found: LogEvent[],
  page: LogEvent[],
): LogPosition | undefined {
  if (found.length > page.length) return page.at(-1)
  return searched.length === MAX_SEARCHED_EVENTS ? searched.at(-1) : undefined
}

function toFiltered(event: LogEvent): FilteredLogEvent {
  return {
    logStreamName: event.logStreamName,
    timestamp: event.timestampMilliseconds,
    message: event.message,
    ingestionTime: event.ingestionMilliseconds,
    eventId: String(event.id).padStart(56, '0'),
  }
}
