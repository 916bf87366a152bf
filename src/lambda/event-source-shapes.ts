import { z } from 'zod'
import { atLeast, atMost, enumeration, notOneString } from '../aws/input.ts'
import { wholeNumber } from '../aws/json-input.ts'
import { FunctionName, Marker, MaxItems, RoleArn } from './shapes.ts'

const POSITIONS = ['TRIM_HORIZON', 'LATEST'] as const

// The model gives BatchSize no bounds; these are the later API's.
const BatchSize = wholeNumber().min(1, atLeast(1)).max(10_000, atMost(10_000))

const Parameters = z.strictObject(
  {
    InitialPositionInStream: z
      .enum(POSITIONS, { error: enumeration([...POSITIONS]) })
      .default('TRIM_HORIZON'),
  },
  'Map keys must satisfy constraint: [Member must satisfy enum value set: [InitialPositionInStream]]',
)

export const AddEventSourceRequest = z.object({
  EventSource: z.string({ error: notOneString }),
  FunctionName,
  Role: RoleArn,
  // A client that sends null leaves the member out.
  BatchSize: BatchSize.nullish().transform((value) => value ?? 100),
  Parameters: Parameters.nullish().transform(
    (value) => value ?? { InitialPositionInStream: 'TRIM_HORIZON' as const },
  ),
})
export type AddEventSourceRequest = z.infer<typeof AddEventSourceRequest>

export const ListEventSourcesRequest = z.object({
  /** On the wire `EventSource`, though SDKs call it EventSourceArn. */
  EventSource: z.string({ error: notOneString }).optional(),
  FunctionName: FunctionName.optional(),
  Marker: Marker.optional(),
  MaxItems: MaxItems.default(50),
})
export type ListEventSourcesRequest = z.infer<typeof ListEventSourcesRequest>
