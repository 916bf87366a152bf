import { logFault } from '../../aws/log-fault.ts'
import { encodeWakes } from '../../delivery/queued-wakes.ts'
import type { Pumps } from '../../ports/pumps.ts'
import type { StreamWakes } from '../../ports/stream-wakes.ts'

interface Ways {
  pumps: Pick<Pumps, 'wake'>
  /** Puts a ticket into the queue. */
  queue: (ticket: ReturnType<typeof encodeWakes>) => Promise<unknown>
  /** Has the context live until this is done, though its answer has gone. */
  waitUntil: (work: Promise<unknown>) => void
}

/**
 * Wakes pumps while the records' sender has his answer already; one that cannot be reached just now
 * is sent its ticket through the queue.
 */
export function directWakes({ pumps, queue, waitUntil }: Ways): StreamWakes {
  async function wake(pump: string): Promise<void> {
    try {
      await pumps.wake(pump).catch(() => queue(encodeWakes([pump])))
    } catch (error) {
      logFault('pump not woken', { pump }, error)
    }
  }

  return {
    send(names) {
      // The sender's answer goes first: on one thread it would wait for the function as well.
      const answered = new Promise((resolve) => setTimeout(resolve, 0))
      waitUntil(answered.then(() => Promise.all(names.map(wake))))
      return Promise.resolve()
    },
  }
}
