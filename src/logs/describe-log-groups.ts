import { logGroupArn } from '../aws/arn.ts'
import type { Settings } from '../aws/settings.ts'
import type { LogGroupPage, LogGroupRecord } from '../ports/log-group-index.ts'
import type { Ports } from '../ports/ports.ts'
import { invalidParameter } from './invalid-parameter.ts'
import { namedLogGroups } from './named-log-groups.ts'
import { fromToken, toToken } from './page-token.ts'
import type { DescribeLogGroupsRequest } from './shapes.ts'

interface LogGroup {
  logGroupName: string
  creationTime: number
  arn: string
  retentionInDays?: number
  metricFilterCount?: number
  storedBytes?: number
}

interface DescribeLogGroupsResponse {
  logGroups: LogGroup[]
  nextToken?: string
}

/** Log groups by name. A page of some may be short, or empty, and still not the last. */
export async function describeLogGroups(
  ports: Pick<Ports, 'logIndex' | 'settings'>,
  input: DescribeLogGroupsRequest,
): Promise<DescribeLogGroupsResponse> {
  checkChoice(input)
  if (input.logGroupClass !== 'STANDARD') return { logGroups: [] }
  const { logGroupNamePattern: pattern } = input
  const order = input.logGroupIdentifiers === undefined ? 'group' : 'named'
  const { settings } = ports
  const { nextToken } = input
  const from = nextToken === undefined ? undefined : fromToken(settings, order, nextToken)
  const { records, cursor } = await pageFrom(ports, input, from)
  const logGroups = records
    .filter((record) => record.logGroupName.includes(pattern ?? ''))
    .map((record) => toLogGroup(settings, record, pattern !== undefined))
  return cursor === undefined
    ? { logGroups }
    : { logGroups, nextToken: toToken(settings, order, cursor) }
}

function checkChoice(input: DescribeLogGroupsRequest): void {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupIdentifiers } = input
  if (prefix !== undefined && pattern !== undefined) {
    throw invalidParameter(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    )
  }
  if (logGroupIdentifiers !== undefined && (prefix ?? pattern) !== undefined) {
    throw invalidParameter(
      'LogGroup identifiers and LogGroup name prefix or pattern are mutually exclusive parameters.',
    )
  }
}

function pageFrom(
  ports: Pick<Ports, 'logIndex' | 'settings'>,
  { logGroupIdentifiers, logGroupNamePrefix = '', limit }: DescribeLogGroupsRequest,
  from: string | undefined,
): Promise<LogGroupPage> {
  return logGroupIdentifiers === undefined
    ? ports.logIndex.list(logGroupNamePrefix, limit, from)
    : namedLogGroups(ports, logGroupIdentifiers, { limit, after: from })
}

function toLogGroup(settings: Settings, record: LogGroupRecord, isBrief: boolean): LogGroup {
  const group: LogGroup = {
    logGroupName: record.logGroupName,
    creationTime: record.createdMilliseconds,
    arn: `${logGroupArn(settings, record.logGroupName)}:*`,
  }
  // What was found by a pattern has no more members than these, in the service as well.
  if (isBrief) return group
  const { retentionDays, storedBytes } = record
  const retention = retentionDays === undefined ? {} : { retentionInDays: retentionDays }
  return { ...group, ...retention, metricFilterCount: 0, storedBytes }
}
