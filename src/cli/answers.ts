import { z } from 'zod'
import { EventSourceConfiguration } from '../aws/event-source-configuration.ts'
import { FunctionConfiguration } from '../aws/function-configuration.ts'

// What the gateway answers, as far as the commands read it. Members beyond that are kept for `--json`.

export const EVENT_STATES = ['queued', 'running', 'waiting', 'succeeded', 'dead'] as const

const Attempt = z.looseObject({
  StartedAt: z.string(),
  DurationMilliseconds: z.number().optional(),
  Instance: z.string().optional(),
  ErrorMessage: z.string().optional(),
})
export type Attempt = z.infer<typeof Attempt>

export const Invocation = z.looseObject({
  RequestId: z.string(),
  State: z.string(),
  AcceptedAt: z.string(),
  NextTryAt: z.string().optional(),
  DiedAt: z.string().optional(),
  Reason: z.string().optional(),
  Attempts: z.array(Attempt),
  PlatformFaults: z.number(),
})
export type Invocation = z.infer<typeof Invocation>

export const InvocationInFull = Invocation.extend({ LogLines: z.array(z.string()) })
export type InvocationInFull = z.infer<typeof InvocationInFull>

export const InvocationPage = z.object({
  NextMarker: z.string().optional(),
  Invocations: z.array(Invocation),
})

export const InvocationCounts = z.object({
  Queued: z.number(),
  Running: z.number(),
  Waiting: z.number(),
  Succeeded: z.number(),
  Dead: z.number(),
})

export const DeadLetter = z.looseObject({
  RequestId: z.string(),
  Payload: z.string(),
  AcceptedAt: z.string(),
  DiedAt: z.string(),
  Reason: z.string(),
  Attempts: z.array(Attempt),
})
export type DeadLetter = z.infer<typeof DeadLetter>

export const DeadLetterPage = z.object({
  NextMarker: z.string().optional(),
  DeadLetters: z.array(DeadLetter),
})

export const FunctionPage = z.object({
  NextMarker: z.string().optional(),
  Functions: z.array(FunctionConfiguration),
})

export const EventSourcePage = z.object({
  NextMarker: z.string().optional(),
  EventSources: z.array(EventSourceConfiguration),
})

export const LogPage = z.object({
  nextToken: z.string().optional(),
  events: z.array(
    z.looseObject({ eventId: z.string(), timestamp: z.number(), message: z.string() }),
  ),
})
