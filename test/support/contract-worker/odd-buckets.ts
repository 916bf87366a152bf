import { r2CodeStore } from '../../../src/platform/cloudflare/r2-code-store.ts'

const SIZE = 50 * 1024 * 1024
/** Turns of the event loop without a pull, after which nobody is going to pull any more. */
const IDLE_TURNS = 200

/** What `r2CodeStore` does on buckets that R2 may be, but seldom is. */
export const oddBuckets = {
  /** How many bytes a put has read once the bucket took `takenBytes` of 50 MB and then no more. */
  async readByStalledPut(chunkBytes: number, takenBytes: number): Promise<number> {
    const body = countedBody(chunkBytes)
    const bucket = bucketOf(async (stream) => {
      const reader = stream.getReader()
      for (let taken = 0; taken < takenBytes;) {
        taken += (await reader.read()).value?.byteLength ?? takenBytes
      }
      await new Promise(() => undefined)
    })
    void r2CodeStore(bucket).put('code/stalled', body.stream, SIZE)
    for (let idle = 0, seen = 0; idle < IDLE_TURNS; idle++) {
      await scheduler.wait(0)
      if (body.pulledBytes() !== seen) idle = 0
      seen = body.pulledBytes()
    }
    return body.pulledBytes()
  },

  /** What a put comes to that the bucket refuses without a look at the body. */
  async refusedPut(): Promise<{ error: string; isCancelled: boolean }> {
    const body = countedBody(1024)
    const bucket = bucketOf(() => Promise.reject(new Error('R2 is away')))
    const error = await r2CodeStore(bucket)
      .put('code/refused', body.stream, SIZE)
      .then(() => 'none', String)
    return { error, isCancelled: body.isCancelled() }
  },
}

function bucketOf(take: (stream: ReadableStream<Uint8Array>) => Promise<unknown>): R2Bucket {
  return { put: (_key: string, stream: ReadableStream<Uint8Array>) => take(stream) } as R2Bucket
}

function countedBody(chunkBytes: number) {
  let pulledBytes = 0
  let isCancelled = false
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        controller.enqueue(new Uint8Array(chunkBytes))
        pulledBytes += chunkBytes
        if (pulledBytes >= SIZE) controller.close()
      },
      cancel() {
        isCancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, pulledBytes: () => pulledBytes, isCancelled: () => isCancelled }
}
