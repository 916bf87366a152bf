import { z } from 'zod'

/** A ticket in the queue: these pumps have something to read. */
const QueuedWakes = z.strictObject({ wake: z.array(z.string()) })

export function encodeWakes(pumps: string[]): z.infer<typeof QueuedWakes> {
  return { wake: pumps }
}

/** The pumps of a ticket; `undefined` when the message is none. */
export function decodeWakes(body: unknown): string[] | undefined {
  return QueuedWakes.safeParse(body).data?.wake
}
