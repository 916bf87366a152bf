import { z } from 'zod'

/** The wire shape EventSourceConfiguration: stored and answered as it stands. */
export const EventSourceConfiguration = z.object({
  UUID: z.string(),
  BatchSize: z.number(),
  EventSource: z.string(),
  FunctionName: z.string(),
  Parameters: z.object({ InitialPositionInStream: z.enum(['TRIM_HORIZON', 'LATEST']) }),
  Role: z.string(),
  LastModified: z.string(),
  IsActive: z.boolean(),
  Status: z.string(),
})
export type EventSourceConfiguration = z.infer<typeof EventSourceConfiguration>

/** One stream and one function: there is at most one mapping for the two. */
export type EventSourcePair = Pick<EventSourceConfiguration, 'EventSource' | 'FunctionName'>

/** What AddEventSource gives. */
export type EventSourceDraft = Pick<
  EventSourceConfiguration,
  'EventSource' | 'FunctionName' | 'BatchSize' | 'Parameters' | 'Role'
>
