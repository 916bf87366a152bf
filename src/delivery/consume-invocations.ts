import { excerpt } from '../aws/excerpt.ts'
import { logFault } from '../aws/log-fault.ts'
import type { AcceptedEvent } from '../ports/function-inboxes.ts'
import type { Ports } from '../ports/ports.ts'
import { decodeQueuedEvent, type QueuedEvent } from './queued-event.ts'

/** One message of the queue, as Cloudflare's consumers get it. */
export interface Delivery {
  readonly id: string
  readonly body: unknown
  readonly attempts: number
  ack(): void
  retry(options?: { delaySeconds?: number }): void
}

interface Message {
  delivery: Delivery
  event: QueuedEvent
}

type ConsumerPorts = Pick<Ports, 'inboxes' | 'code'>

const MAX_RETRY_DELAY_SECONDS = 300
/** How many spilled events, of a megabyte each, are in memory and in one call at a time. */
const SPILLED_AT_ONCE = 8
const MAX_LOGGED_CHARACTERS = 1000

/**
 * Hands a batch over to the inboxes of its functions, and waits for no function. Settles every
 * message exactly once and cannot reject. A body that nobody can read is logged and not retried.
 */
export async function consumeInvocations(
  ports: ConsumerPorts,
  deliveries: readonly Delivery[],
): Promise<void> {
  const messages = deliveries.flatMap(readable)
  const isSpilled = ({ event }: Message) => 'payloadKey' in event
  const carried = byFunction(messages.filter((message) => !isSpilled(message)))
  await Promise.all(Array.from(carried, ([name, group]) => handOver(ports, name, group)))
  // A call of an inbox carries 32 MiB and this Worker has 128 MB: a hundred spilled events are more.
  for (const [functionName, group] of byFunction(messages.filter(isSpilled))) {
    for (let at = 0; at < group.length; at += SPILLED_AT_ONCE) {
      await handOver(ports, functionName, group.slice(at, at + SPILLED_AT_ONCE))
    }
  }
}

function readable(delivery: Delivery): Message[] {
  const event = decodeQueuedEvent(delivery.body)
  if (event !== undefined) return [{ delivery, event }]
  logFault('unreadable message', { messageId: delivery.id }, textOf(delivery.body))
  delivery.ack()
  return []
}

function byFunction(messages: readonly Message[]): Map<string, Message[]> {
  return Map.groupBy(messages, ({ event }) => event.functionName)
}

/** One call for all events of a function. Cannot reject. */
async function handOver(
  ports: ConsumerPorts,
  functionName: string,
  group: readonly Message[],
): Promise<void> {
  try {
    const events = await Promise.all(group.map(({ event }) => withPayload(ports, event)))
    const found = events.filter((event) => event !== undefined)
    if (found.length > 0 && (await ports.inboxes.accept(functionName, found)) === 'full') {
      throw new Error('The function has as many events as can be kept: they wait in the queue')
    }
    for (const { delivery } of group) delivery.ack()
    await forgetSpilled(ports, group)
  } catch (error) {
    logFault('events not handed to their function', { functionName }, error)
    for (const { delivery } of group) {
      delivery.retry({ delaySeconds: Math.min(2 ** delivery.attempts, MAX_RETRY_DELAY_SECONDS) })
    }
  }
}

/** A spilled payload that is gone was taken over by an earlier delivery of the same message. */
async function withPayload(
  { code }: ConsumerPorts,
  event: QueuedEvent,
): Promise<AcceptedEvent | undefined> {
  if ('payload' in event) return event
  const { payloadKey, ...rest } = event
  const stored = await code.get(payloadKey)
  if (stored === undefined) return undefined
  return { ...rest, payload: await new Response(stored.body).text() }
}

/** Runs after the messages are settled, so a failure here may only be logged. */
async function forgetSpilled(
  { code }: ConsumerPorts,
  group: readonly { event: QueuedEvent }[],
): Promise<void> {
  const keys = group.flatMap(({ event }) => ('payload' in event ? [] : [event.payloadKey]))
  await Promise.all(
    keys.map((payloadKey) =>
      code
        .delete(payloadKey)
        .catch((error: unknown) => logFault('payload not deleted', { payloadKey }, error)),
    ),
  )
}

/** Enough of a body to see whose it was: nothing else is left of it. */
function textOf(body: unknown): string {
  const isBytes = body instanceof Uint8Array || body instanceof ArrayBuffer
  const text = isBytes ? new TextDecoder().decode(body) : JSON.stringify({ body })
  return excerpt(text, MAX_LOGGED_CHARACTERS)
}
