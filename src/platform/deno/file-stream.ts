import type { FileHandle } from 'node:fs/promises'

const CHUNK_BYTES = 64 * 1024

/** The bytes of a file from `start` to before `end`. Closes the file when it is read or cancelled. */
export function bytesOfFile(
  file: FileHandle,
  start: number,
  end: number,
): ReadableStream<Uint8Array> {
  let at = start
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const length = Math.min(CHUNK_BYTES, end - at)
        const { bytesRead, buffer } =
          length > 0
            ? await file.read(new Uint8Array(length), 0, length, at)
            : { bytesRead: 0, buffer: new Uint8Array() }
        at += bytesRead
        if (bytesRead > 0) controller.enqueue(buffer.subarray(0, bytesRead))
        if (bytesRead > 0 && at < end) return
        await file.close()
        controller.close()
      },
      cancel: () => file.close(),
    },
    // Nothing is read before it is asked for.
    { highWaterMark: 0 },
  )
}
