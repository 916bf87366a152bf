import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { withinTime } from './time-limit.ts'

const BUFFER_BYTES = 256 * 1024
/** So long a client may go on sending what nobody reads. */
const DISCARD_MILLISECONDS = 10_000

type IncomingBody = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null

/**
 * The body of a request: whole, if all of it came with the head, as those of most do; else as it
 * comes. As a stream it takes a request 10 µs more, of 35 without what the gateway does with it.
 */
export async function incomingBody(message: IncomingMessage): Promise<IncomingBody> {
  const { headers } = message
  const isEmpty = Number(headers['content-length'] ?? 0) === 0
  if (headers['transfer-encoding'] === undefined && isEmpty) return null
  // What came with the head is taken apart behind it, and by then it is, on Deno (2.9.5). To wait
  // for a turn of the loop costs a fifth of all events.
  await Promise.resolve()
  return message.complete ? wholeOf(message) : streamOf(message)
}

/** One `read` gives all that has come in Node, and a piece of it in Deno (2.9.5). */
function wholeOf(message: IncomingMessage): Uint8Array<ArrayBuffer> {
  const pieces: Buffer<ArrayBuffer>[] = []
  const next = () => message.read() as Buffer<ArrayBuffer> | null
  for (let piece = next(); piece !== null; piece = next()) pieces.push(piece)
  return Buffer.concat(pieces)
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
