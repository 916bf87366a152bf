import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { withinTime } from './time-limit.ts'

/** As a stream it would cost a request 10 µs more, of 35 without what the gateway does with it. */
const SHORT_BODY_BYTES = 64 * 1024
const BUFFER_BYTES = 256 * 1024
/** So long a client may go on sending what nobody reads. */
const DISCARD_MILLISECONDS = 10_000

type Bytes = Uint8Array<ArrayBuffer>
type IncomingBody = Bytes | ReadableStream<Uint8Array> | null

/**
 * The body of a request: one that says that it is short when it has come, others as they come.
 * Rejects when a short one breaks off.
 */
export async function incomingBody(message: IncomingMessage): Promise<IncomingBody> {
  const length = Number(message.headers['content-length'] ?? 0)
  if (message.headers['transfer-encoding'] !== undefined || length > SHORT_BODY_BYTES) {
    return streamOf(message)
  }
  return length > 0 ? wholeOf(message) : null
}

function wholeOf(message: IncomingMessage): Promise<Bytes> {
  const { promise, resolve, reject } = Promise.withResolvers<Bytes>()
  const chunks: Uint8Array[] = []
  // Only then is there an error: to make one for each request costs as much as a stream.
  const broken = () => {
    if (!message.complete) reject(new Error('The connection was lost'))
  }
  message.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  message.once('end', () => resolve(Buffer.concat(chunks)))
  message.once('error', broken)
  message.once('close', broken)
  return promise
}

/**
 * No faster than it is read. To cancel it leaves the connection as it is, for the answer
 * (`Readable.toWeb` would end it).
 */
function streamOf(message: IncomingMessage): ReadableStream<Uint8Array> {
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
