import { waitUntil } from 'cloudflare:workers'
import { logFault } from '../../aws/log-fault.ts'
import { encodeWakes } from '../../delivery/queued-wakes.ts'
import type { Pumps } from '../../ports/pumps.ts'
import type { StreamWakes } from '../../ports/stream-wakes.ts'

/**
 * Wakes pumps while the records' sender has his answer already; one that cannot be reached just now
 * is sent its ticket through the queue.
 */
export function directWakes(pumps: Pick<Pumps, 'wake'>, queue: Queue): StreamWakes {
  async function wake(pump: string): Promise<void> {
    try {
      await pumps.wake(pump).catch(() => queue.send(encodeWakes([pump]), { contentType: 'json' }))
    } catch (error) {
      logFault('pump not woken', { pump }, error)
    }
  }

  return {
    send(names) {
      // The sender's answer goes first: on one thread it would wait for the function as well.
      waitUntil(scheduler.wait(0).then(() => Promise.all(names.map(wake))))
      return Promise.resolve()
    },
  }
}
