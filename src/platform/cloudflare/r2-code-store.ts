import { toHex } from '../../aws/hex.ts'
import { bodyBrokenOff } from '../../aws/service-error.ts'
import type { CodeStore } from '../../ports/code-store.ts'

/**
 * A request's body comes in pieces of 4 KiB, each a detour through JavaScript; in larger ones 50 MB
 * take half the time (seen with workerd 1.20261023.1).
 */
const CHUNK_BYTES = 256 * 1024
/** R2 lists no more in one call. */
const MAX_LIST_KEYS = 1000

export function r2CodeStore(
  bucket: R2Bucket,
  { listLimit = MAX_LIST_KEYS }: { listLimit?: number } = {},
): CodeStore {
  return {
    async put(key, body, size) {
      const digest = new crypto.DigestStream('SHA-256')
      const incoming = new IdentityTransformStream()
      // R2 takes a stream only when it knows its length; this one also holds the client to it.
      const fixed = new FixedLengthStream(size)
      const outgoing = fixed.writable.getWriter()
      const failure = new AbortController()
      const giveUp = (error: unknown) => {
        // What fails first is the cause; the others fail because of it, and in their own words.
        failure.abort(error)
        outgoing.abort(error).catch(() => undefined)
      }
      const storing = bucket.put(key, fixed.readable)
      const copying = copy(incoming.readable, outgoing, digest.getWriter())
      storing.catch(giveUp)
      copying.catch(giveUp)
      const reading = body.pipeTo(incoming.writable, { signal: failure.signal })
      // All are waited for: an object that appears after the caller has deleted it would stay.
      const ends = await Promise.allSettled([storing, copying, reading])
      failure.signal.throwIfAborted()
      for (const end of ends) if (end.status === 'rejected') throw end.reason
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

/** Writes everything to both, and never has more than one chunk in hand. */
async function copy(
  from: ReadableStream<Uint8Array>,
  to: WritableStreamDefaultWriter<Uint8Array>,
  hashing: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  const reader = from.getReader({ mode: 'byob' })
  for (;;) {
    const { done, value } = await reader
      .readAtLeast(CHUNK_BYTES, new Uint8Array(CHUNK_BYTES))
      .catch(() => Promise.reject(bodyBrokenOff()))
    if (value !== undefined && value.byteLength > 0) {
      await Promise.all([to.write(value), hashing.write(value)])
    }
    if (done) break
  }
  await Promise.all([to.close(), hashing.close()])
}
