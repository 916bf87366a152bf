import { logFault } from '../aws/log-fault.ts'
import type { Ports } from '../ports/ports.ts'
import { consumeInvocations, type Delivery } from './consume-invocations.ts'
import { decodeWakes } from './queued-wakes.ts'

/**
 * Settles every message of a batch exactly once: events go to their functions' inboxes, tickets
 * wake pumps. Waits for no function and cannot reject.
 */
export async function consumeQueue(
  ports: Pick<Ports, 'inboxes' | 'code' | 'pumps'>,
  deliveries: readonly Delivery[],
): Promise<void> {
  const { tickets = [], events = [] } = Object.groupBy(deliveries, ({ body }) =>
    decodeWakes(body) === undefined ? 'events' : 'tickets',
  )
  await Promise.all([wakePumps(ports, tickets), consumeInvocations(ports, events)])
}

/** A ticket that cannot be delivered is not tried again: pumps look by themselves, too. */
async function wakePumps(
  { pumps }: Pick<Ports, 'pumps'>,
  tickets: readonly Delivery[],
): Promise<void> {
  const named = new Set(tickets.flatMap(({ body }) => decodeWakes(body) ?? []))
  const wake = (pump: string) =>
    pumps.wake(pump).catch((error: unknown) => logFault('pump not woken', { pump }, error))
  await Promise.all(Array.from(named, wake))
  for (const ticket of tickets) ticket.ack()
}
