import { inflateSync } from 'fflate'
import { couldNotUnzip } from './zip-entry.ts'

/** Deflate expands at most 1032 times, and a platform may inflate a whole slice before it waits. */
const INFLATE_SLICE_BYTES = 16 * 1024

/** Inflates raw deflate data piece by piece. Throws couldNotUnzip for data that is none. */
export async function* inflate(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // A failed read must not be mistaken for bad data: the one is tried again, the other refused.
  let failedRead: { error: unknown } | undefined
  const slices = slicesOf(pieces)
  const deflated = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await slices.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        failedRead = { error }
        throw error
      }
    },
  })
  try {
    yield* deflated.pipeThrough(new DecompressionStream('deflate-raw'))
  } catch {
    throw failedRead === undefined ? couldNotUnzip() : failedRead.error
  }
}

async function* slicesOf(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += INFLATE_SLICE_BYTES) {
      yield piece.slice(at, at + INFLATE_SLICE_BYTES)
    }
  }
}

/**
 * Inflates what is small in one go. Most files of a package are: a stream for each would take ten
 * times as long as its bytes do (10,000 files: 2 s on workerd). What is longer than `size` is cut
 * off behind its next byte, so that it can be told.
 */
export function inflateSmall(deflated: Uint8Array, size: number): Uint8Array {
  try {
    return inflateSync(deflated, { out: new Uint8Array(size + 1) })
  } catch {
    throw couldNotUnzip()
  }
}
