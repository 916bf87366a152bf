import type { z } from 'zod'
import { authorize } from '../aws/caller.ts'
import { parseJsonInput } from '../aws/json-input.ts'
import type { Settings } from '../aws/settings.ts'
import type { JsonOperation } from '../ports/json-operation.ts'
import type { Ports } from '../ports/ports.ts'
import { ofGroup, ofPrefix, ofStream } from './access.ts'
import { createLogGroup } from './create-log-group.ts'
import { deleteLogGroup } from './delete-log-group.ts'
import { deleteRetentionPolicy } from './delete-retention-policy.ts'
import { describeLogGroups } from './describe-log-groups.ts'
import { describeLogStreams } from './describe-log-streams.ts'
import { filterLogEvents } from './filter-log-events.ts'
import { getLogEvents } from './get-log-events.ts'
import { putRetentionPolicy } from './put-retention-policy.ts'
import {
  CreateLogGroupRequest,
  DescribeLogGroupsRequest,
  DescribeLogStreamsRequest,
  FilterLogEventsRequest,
  GetLogEventsRequest,
  LogGroupRequest,
  PutRetentionPolicyRequest,
} from './shapes.ts'

/**
 * One row of the table: the operation's shape, what it does, and what a caller must be allowed to do
 * it to.
 */
function operation<Shape extends z.ZodType>(
  action: string,
  shape: Shape,
  run: (ports: Ports, input: z.output<Shape>) => Promise<object | undefined>,
  resourceOf: (settings: Settings, input: z.output<Shape>) => string,
): [target: string, JsonOperation] {
  return [
    `Logs_20140328.${action}`,
    (ports, caller, unparsed) => {
      // CloudWatch Logs has its own code for what violates a shape.
      const input = parseJsonInput(shape, unparsed, 'InvalidParameterException')
      const resource = resourceOf(ports.settings, input)
      authorize(caller, { action: `logs:${action}`, resource })
      return run(ports, input)
    },
  ]
}

/** The operation table of CloudWatch Logs, by the value of `X-Amz-Target`. */
export const logsOperations: ReadonlyMap<string, JsonOperation> = new Map([
  operation('CreateLogGroup', CreateLogGroupRequest, createLogGroup, ofGroup),
  operation('DeleteLogGroup', LogGroupRequest, deleteLogGroup, ofGroup),
  operation('DeleteRetentionPolicy', LogGroupRequest, deleteRetentionPolicy, ofGroup),
  operation('DescribeLogGroups', DescribeLogGroupsRequest, describeLogGroups, ofPrefix),
  operation('DescribeLogStreams', DescribeLogStreamsRequest, describeLogStreams, ofGroup),
  operation('FilterLogEvents', FilterLogEventsRequest, filterLogEvents, ofGroup),
  operation('GetLogEvents', GetLogEventsRequest, getLogEvents, ofStream),
  operation('PutRetentionPolicy', PutRetentionPolicyRequest, putRetentionPolicy, ofGroup),
])
