import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { withinTime } from './time-limit.ts'

const BUFFER_BYTES = 256 * 1024
/** So long a client may go on sending what nobody reads. */
const DISCARD_MILLISECONDS = 10_000

/**
 * The body of a request as it comes, no faster than it is read. To cancel it leaves the connection
 * as it is, for the answer (`Readable.toWeb` would end it).
 */
export function incomingBody(message: IncomingMessage): ReadableStream<Uint8Array> {
  let isOver = false
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const over = (end: () => void) => () => {
          if (!isOver) end()
          isOver = true
        }
        const broken = () => controller.error(new Error('The connection was lost'))
        message.on('data', (chunk: Uint8Array) => {
          controller.enqueue(chunk)
          if ((controller.desiredSize ?? 0) <= 0) message.pause()
        })
        message.once(
          'end',
          over(() => controller.close()),
        )
        message.once('error', over(broken))
        message.once('close', over(broken))
        message.pause()
      },
      pull: () => void message.resume(),
      cancel() {
        isOver = true
        message.removeAllListeners('data')
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
  )
}

/** Whether the body would end with the connection alone, as that of a request may not (RFC 9112, 6.3). */
export function isEndless({ headers }: IncomingMessage): boolean {
  const codings = headers['transfer-encoding']
  return codings !== undefined && !/(^|,)\s*chunked\s*$/i.test(codings)
}

/** Lets a client send the rest of what was refused: else it might never see why. */
export async function discardRest(message: IncomingMessage): Promise<void> {
  if (message.complete || message.destroyed) return
  message.removeAllListeners('data').resume()
  await withinTime(DISCARD_MILLISECONDS, once(message, 'close'))
}
