import { toHex } from '../../aws/hex.ts'
import type { CodeStore } from '../../ports/code-store.ts'

/** R2 lists no more in one call. */
const MAX_LIST_KEYS = 1000

export function r2CodeStore(
  bucket: R2Bucket,
  { listLimit = MAX_LIST_KEYS }: { listLimit?: number } = {},
): CodeStore {
  return {
    async put(key, body, size) {
      const digest = new crypto.DigestStream('SHA-256')
      const hashing = digest.getWriter()
      // Not tee(): its faster branch, which is the hash, would buffer all that R2 has yet to take.
      const hashed = body.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          async transform(chunk, controller) {
            await hashing.write(chunk)
            controller.enqueue(chunk)
          },
          flush: () => hashing.close(),
        }),
      )
      // R2 takes a stream only when it knows its length; this one also holds the client to it.
      const fixed = new FixedLengthStream(size)
      const storing = bucket.put(key, fixed.readable)
      const failure = new AbortController()
      storing.catch((error: unknown) => failure.abort(error))
      const piping = hashed.pipeTo(fixed.writable, { signal: failure.signal })
      // Both are waited for: an object that appears after the caller has deleted it would stay.
      for (const end of await Promise.allSettled([piping, storing])) {
        if (end.status === 'rejected') throw end.reason
      }
      return { sha256: toHex(await digest.digest) }
    },
    async head(key) {
      const object = await bucket.head(key)
      return object === null ? undefined : { size: object.size, etag: object.httpEtag }
    },
    async get(key, range) {
      const object = await bucket.get(key, range === undefined ? {} : { range })
      if (object === null) return undefined
      // R2's types leave open what its streams carry; it is bytes.
      const body = object.body as ReadableStream<Uint8Array>
      return { size: object.size, etag: object.httpEtag, body }
    },
    async delete(key) {
      await bucket.delete(key)
    },
    async *list(prefix) {
      let cursor: string | undefined
      do {
        const more = cursor === undefined ? {} : { cursor }
        const page: R2Objects = await bucket.list({ prefix, limit: listLimit, ...more })
        for (const { key, uploaded } of page.objects) {
          yield { key, uploadedAtMilliseconds: uploaded.getTime() }
        }
        cursor = page.truncated ? page.cursor : undefined
      } while (cursor !== undefined)
    },
  }
}
