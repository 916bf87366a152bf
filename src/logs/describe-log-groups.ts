import { logGroupArn } from '../aws/arn.ts'
import type { Settings } from '../aws/settings.ts'
import type { LogGroupRecord } from '../ports/log-group-index.ts'
import type { Ports } from '../ports/ports.ts'
import { invalidParameter } from './invalid-parameter.ts'
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

/** Log groups by name. With a pattern a page may be short, or empty, and still not the last. */
export async function describeLogGroups(
  { logIndex, settings }: Pick<Ports, 'logIndex' | 'settings'>,
  input: DescribeLogGroupsRequest,
): Promise<DescribeLogGroupsResponse> {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, nextToken } = input
  if (prefix !== undefined && pattern !== undefined) {
    throw invalidParameter(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    )
  }
  const from = nextToken === undefined ? undefined : fromToken(settings, 'group', nextToken)
  const { records, cursor } = await logIndex.list(prefix ?? '', input.limit, from)
  const logGroups = records
    .filter((record) => record.logGroupName.includes(pattern ?? ''))
    .map((record) => toLogGroup(settings, record, pattern !== undefined))
  return cursor === undefined
    ? { logGroups }
    : { logGroups, nextToken: toToken(settings, 'group', cursor) }
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
