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

type ConsumerPorts = Pick<Ports, 'inboxes' | 'code'>

const MAX_RETRY_DELAY_SECONDS = 300

/**
 * Hands a batch over to the inboxes of its functions, and waits for no function. Settles every
 * message exactly once and cannot reject. A body that nobody can read is logged and not retried.
 */
export async function consumeInvocations(
  ports: ConsumerPorts,
  deliveries: readonly Delivery[],
): Promise<void> {
  const groups = new Map<string, { delivery: Delivery; event: QueuedEvent }[]>()
  for (const delivery of deliveries) {
    const event = decodeQueuedEvent(delivery.body)
    if (event === undefined) {
      logFault('unreadable message in the queue', { messageId: delivery.id }, undefined)
      delivery.ack()
      continue
    }
    const group = groups.get(event.functionName) ?? []
    group.push({ delivery, event })
    groups.set(event.functionName, group)
  }
  await Promise.all(
    Array.from(groups, async ([functionName, group]) => {
      try {
        const events = await Promise.all(group.map(({ event }) => withPayload(ports, event)))
        const found = events.filter((event) => event !== undefined)
        if (found.length > 0) await ports.inboxes.accept(functionName, found)
        for (const { delivery } of group) delivery.ack()
        await forgetSpilled(ports, group)
      } catch (error) {
        logFault('events not handed to their function', { functionName }, error)
        for (const { delivery } of group) {
          delivery.retry({
            delaySeconds: Math.min(2 ** delivery.attempts, MAX_RETRY_DELAY_SECONDS),
          })
        }
      }
    }),
  )
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
  for (const { event } of group) {
    if ('payload' in event) continue
    await code
      .delete(event.payloadKey)
      .catch((error: unknown) =>
        logFault('payload not deleted', { payloadKey: event.payloadKey }, error),
      )
  }
}
