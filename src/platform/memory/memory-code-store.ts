import { sha256Hex } from '../../aws/hmac.ts'
import { bodyBrokenOff } from '../../aws/service-error.ts'
import type { CodeStore } from '../../ports/code-store.ts'

interface MemoryObject {
  bytes: Uint8Array<ArrayBuffer>
  etag: string
  uploadedAtMilliseconds: number
}

export function memoryCodeStore(now: () => number = () => 0): CodeStore {
  const objects = new Map<string, MemoryObject>()
  return {
    async put(key, body, size) {
      const whole = await new Response(body).arrayBuffer().catch(() => undefined)
      if (whole === undefined) throw bodyBrokenOff()
      const bytes = new Uint8Array(whole)
      if (bytes.byteLength !== size) {
        throw new Error(`${key}: ${bytes.byteLength} bytes came where ${size} were announced`)
      }
      const sha256 = sha256Hex(bytes)
      objects.set(key, { bytes, etag: `"${sha256}"`, uploadedAtMilliseconds: now() })
      return { sha256 }
    },
    head(key) {
      const object = objects.get(key)
      return Promise.resolve(object && { size: object.bytes.byteLength, etag: object.etag })
    },
    get(key, range) {
      const object = objects.get(key)
      if (object === undefined) return Promise.resolve(undefined)
      const { bytes, etag } = object
      const part = range ? bytes.slice(range.offset, range.offset + range.length) : bytes
      return Promise.resolve({ size: bytes.byteLength, etag, body: new Blob([part]).stream() })
    },
    delete(key) {
      objects.delete(key)
      return Promise.resolve()
    },
    async *list(prefix) {
      for (const key of Array.from(objects.keys()).sort()) {
        const object = objects.get(key)
        if (object === undefined || !key.startsWith(prefix)) continue
        const { uploadedAtMilliseconds } = object
        yield await Promise.resolve({ key, uploadedAtMilliseconds })
      }
    },
  }
}
