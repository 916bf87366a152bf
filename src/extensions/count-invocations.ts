import type { Ports } from '../ports/ports.ts'

/** How many of a function's events are in each state. */
export async function countInvocations(
  { events }: Pick<Ports, 'events'>,
  functionName: string,
): Promise<Record<string, number>> {
  const counts = await events.count(functionName)
  return {
    Queued: counts.queued,
    Running: counts.running,
    Waiting: counts.waiting,
    Succeeded: counts.succeeded,
    Dead: counts.dead,
  }
}
