import { z } from 'zod'
import { decodeUtf8, encodeUtf8 } from '../aws/utf8.ts'
import type { AcceptedEvent } from '../ports/function-inboxes.ts'

// A message of the invocation queue: a line of JSON that says whose event this is, then the event
// itself, byte for byte. Wrapping it into JSON once more could make it twice as long.

const Header = z.object({
  functionName: z.string(),
  requestId: z.string(),
  acceptedAtMilliseconds: z.number(),
  /** Where the event lies when it was too long for the queue. */
  payloadKey: z.string().startsWith('payload/').optional(),
})

export type QueuedEvent = AcceptedEvent | (Omit<AcceptedEvent, 'payload'> & { payloadKey: string })

export function encodeQueuedEvent(event: QueuedEvent): Uint8Array<ArrayBuffer> {
  const { functionName, requestId, acceptedAtMilliseconds } = event
  const header = { functionName, requestId, acceptedAtMilliseconds }
  const text =
    'payload' in event
      ? `${JSON.stringify(header)}\n${event.payload}`
      : `${JSON.stringify({ ...header, payloadKey: event.payloadKey })}\n`
  return encodeUtf8(text)
}

/** The event in a message, or `undefined` when the message is none that `encodeQueuedEvent` made. */
export function decodeQueuedEvent(body: unknown): QueuedEvent | undefined {
  if (!(body instanceof Uint8Array) && !(body instanceof ArrayBuffer)) return undefined
  try {
    const text = decodeUtf8(body)
    const end = text.indexOf('\n')
    if (end < 0) return undefined
    const { payloadKey, ...event } = Header.parse(JSON.parse(text.slice(0, end)))
    return payloadKey === undefined
      ? { ...event, payload: text.slice(end + 1) }
      : { ...event, payloadKey }
  } catch {
    return undefined
  }
}
