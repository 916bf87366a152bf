import type { z } from 'zod'
import { parseInput } from '../aws/input.ts'
import type { Ports } from '../ports/ports.ts'
import { filterLogEvents } from './filter-log-events.ts'
import { getLogEvents } from './get-log-events.ts'
import { FilterLogEventsRequest, GetLogEventsRequest } from './shapes.ts'

/** CloudWatch Logs has its own code for what violates a shape. */
function parse<Shape extends z.ZodType>(shape: Shape, input: object): z.output<Shape> {
  return parseInput(shape, input, 'InvalidParameterException')
}

type JsonOperation = (ports: Ports, input: object) => Promise<object>

/** The operation table of CloudWatch Logs, by the value of `X-Amz-Target`. */
export const logsOperations: ReadonlyMap<string, JsonOperation> = new Map<string, JsonOperation>([
  [
    'Logs_20140328.FilterLogEvents',
    (ports, input) => filterLogEvents(ports, parse(FilterLogEventsRequest, input)),
  ],
  [
    'Logs_20140328.GetLogEvents',
    (ports, input) => getLogEvents(ports, parse(GetLogEventsRequest, input)),
  ],
])
