import { ServiceError } from '../aws/service-error.ts'
import type { LogEvent, LogPosition } from '../ports/log-groups.ts'
import type { Ports } from '../ports/ports.ts'
import { logGroupNotFound } from './log-group-not-found.ts'
import { fromToken, toToken } from './log-position.ts'
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

const START: LogPosition = { timestampMilliseconds: 0, id: 0 }

/**
 * One stream's events, oldest first, whichever end the page was cut from. A token asked again at
 * the end answers itself: that is how clients see that there is no more.
 */
export async function getLogEvents(
  { logs, now }: Pick<Ports, 'logs' | 'now'>,
  input: GetLogEventsRequest,
): Promise<GetLogEventsResponse> {
  const token = input.nextToken === undefined ? undefined : parseToken(input.nextToken)
  const isReversed = token === undefined ? !input.startFromHead : token.isBackward
  const events = await logs.read(input.logGroupName, {
    logStreamNames: [input.logStreamName],
    startMilliseconds: input.startTime,
    endMilliseconds: input.endTime,
    limit: input.limit,
    after: token?.position,
    isReversed,
  })
  if (events === undefined) throw logGroupNotFound()
  if (isReversed) events.reverse()
  const here = token?.position ?? (isReversed ? { timestampMilliseconds: now(), id: 0 } : START)
  return {
    events: events.map(toOutput),
    nextForwardToken: `f/${toToken(events.at(-1) ?? here)}`,
    nextBackwardToken: `b/${toToken(events.at(0) ?? here)}`,
  }
}

function parseToken(token: string): { isBackward: boolean; position: LogPosition } {
  const direction = token.slice(0, 2)
  if (direction !== 'f/' && direction !== 'b/') {
    throw new ServiceError('InvalidParameterException', 'The specified nextToken is invalid.')
  }
  return { isBackward: direction === 'b/', position: fromToken(token.slice(2)) }
}

function toOutput(event: LogEvent): OutputLogEvent {
  return {
    timestamp: event.timestampMilliseconds,
    message: event.message,
    ingestionTime: event.ingestionMilliseconds,
  }
}
