import type { z } from 'zod'
import { parseInput } from '../aws/input.ts'
import type { Ports } from '../ports/ports.ts'
import { createLogGroup } from './create-log-group.ts'
import { deleteLogGroup } from './delete-log-group.ts'
import { deleteRetentionPolicy } from './delete-retention-policy.ts'
import { describeLogGroups } from './describe-log-groups.ts'
import { describeLogStreams } from './describe-log-streams.ts'
import { filterLogEvents } from './filter-log-events.ts'
import { getLogEvents } from './get-log-events.ts'
import { putRetentionPolicy } from './put-retention-policy.ts'
import {
  DescribeLogGroupsRequest,
  DescribeLogStreamsRequest,
  FilterLogEventsRequest,
  GetLogEventsRequest,
  LogGroupRequest,
  PutRetentionPolicyRequest,
} from './shapes.ts'

/** What has no output answers an empty body. */
type JsonOperation = (ports: Ports, input: object) => Promise<object | undefined>

function operation<Shape extends z.ZodType>(
  shape: Shape,
  run: (ports: Ports, input: z.output<Shape>) => Promise<object | undefined>,
): JsonOperation {
  // CloudWatch Logs has its own code for what violates a shape.
  return (ports, input) => run(ports, parseInput(shape, input, 'InvalidParameterException'))
}

/** The operation table of CloudWatch Logs, by the value of `X-Amz-Target`. */
export const logsOperations: ReadonlyMap<string, JsonOperation> = new Map([
  ['Logs_20140328.CreateLogGroup', operation(LogGroupRequest, createLogGroup)],
  ['Logs_20140328.DeleteLogGroup', operation(LogGroupRequest, deleteLogGroup)],
  ['Logs_20140328.DeleteRetentionPolicy', operation(LogGroupRequest, deleteRetentionPolicy)],
  ['Logs_20140328.DescribeLogGroups', operation(DescribeLogGroupsRequest, describeLogGroups)],
  ['Logs_20140328.DescribeLogStreams', operation(DescribeLogStreamsRequest, describeLogStreams)],
  ['Logs_20140328.FilterLogEvents', operation(FilterLogEventsRequest, filterLogEvents)],
  ['Logs_20140328.GetLogEvents', operation(GetLogEventsRequest, getLogEvents)],
  ['Logs_20140328.PutRetentionPolicy', operation(PutRetentionPolicyRequest, putRetentionPolicy)],
])
