import { encodeUtf8 } from '../aws/utf8.ts'
import type { CodeStore } from '../ports/code-store.ts'
import type { AcceptedEvent } from '../ports/function-inboxes.ts'
import type { FunctionRegistry } from '../ports/function-registry.ts'
import { encodeQueuedEvent } from './queued-event.ts'

/** A queue takes 128 KB (of 1000 bytes) per message, about 100 bytes of it metadata. */
const MAX_MESSAGE_BYTES = 127_000

interface SpillPorts {
  code: Pick<CodeStore, 'put' | 'delete'>
  registry: Pick<FunctionRegistry, 'expectObjects'>
}

/**
 * Sends an event; one that is too long for the queue leaves its payload in the code store and
 * takes a claim check instead.
 */
export async function sendInvocation(
  { code, registry }: SpillPorts,
  send: (message: Uint8Array<ArrayBuffer>) => Promise<void>,
  event: AcceptedEvent,
): Promise<void> {
  const message = encodeQueuedEvent(event)
  if (message.byteLength <= MAX_MESSAGE_BYTES) return send(message)
  const { payload, ...rest } = event
  const payloadKey = `payload/${event.functionName}/${event.requestId}`
  const bytes = encodeUtf8(payload)
  await registry.expectObjects(event.functionName)
  await code.put(payloadKey, new Blob([bytes]).stream(), bytes.byteLength)
  try {
    await send(encodeQueuedEvent({ ...rest, payloadKey }))
  } catch (error) {
    // What cannot be deleted now is found later.
    await code.delete(payloadKey).catch(() => undefined)
    throw error
  }
}
