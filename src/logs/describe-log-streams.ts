import { logGroupArn } from '../aws/arn.ts'
import type { LogStream as StoredLogStream } from '../ports/log-groups.ts'
import type { Ports } from '../ports/ports.ts'
import { invalidParameter } from './invalid-parameter.ts'
import { logGroupNameOf } from './log-group-name.ts'
import { logGroupNotFound } from './not-found.ts'
import { fromToken, toToken } from './page-token.ts'
import type { DescribeLogStreamsRequest } from './shapes.ts'

interface LogStream {
  logStreamName: string
  creationTime: number
  firstEventTimestamp: number
  lastEventTimestamp: number
  lastIngestionTime: number
  arn: string
  /** Zero since 2019, but there. */
  storedBytes: 0
}

interface DescribeLogStreamsResponse {
  logStreams: LogStream[]
  nextToken?: string
}

export async function describeLogStreams(
  { logs, settings }: Pick<Ports, 'logs' | 'settings'>,
  input: DescribeLogStreamsRequest,
): Promise<DescribeLogStreamsResponse> {
  const { orderBy, logStreamNamePrefix: prefix, nextToken } = input
  if (orderBy === 'LastEventTime' && prefix !== undefined) {
    throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.')
  }
  const logGroupName = logGroupNameOf(settings, input)
  const page = await logs.streams(logGroupName, {
    orderBy: orderBy === 'LogStreamName' ? 'name' : 'lastEvent',
    isReversed: input.descending,
    prefix,
    limit: input.limit,
    after: nextToken === undefined ? undefined : fromToken(settings, orderBy, nextToken),
  })
  if (page === undefined) throw logGroupNotFound()
  const arn = `${logGroupArn(settings, logGroupName)}:log-stream:`
  const logStreams = page.streams.map((stream) => toLogStream(arn, stream))
  return page.next === undefined
    ? { logStreams }
    : { logStreams, nextToken: toToken(settings, orderBy, page.next) }
}

function toLogStream(arn: string, stream: StoredLogStream): LogStream {
  return {
    logStreamName: stream.name,
    creationTime: stream.createdMilliseconds,
    firstEventTimestamp: stream.firstEventMilliseconds,
    lastEventTimestamp: stream.lastEventMilliseconds,
    lastIngestionTime: stream.lastIngestionMilliseconds,
    arn: arn + stream.name,
    storedBytes: 0,
  }
}
