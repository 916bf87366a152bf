import { describe, expect, test } from 'vitest'
import { sha256Hex } from '../../src/aws/hmac.ts'
import type { ByteRange, ListedObject } from '../../src/ports/code-store.ts'
import type { BodyScript } from '../support/contract-wire.ts'

/** A code store whose bodies are scripts on the way in and bytes on the way out. */
export interface TestedCodeStore {
  put(key: string, body: BodyScript, size: number): Promise<{ sha256: string }>
  head(key: string): Promise<{ size: number; etag: string } | undefined>
  get(key: string, range?: ByteRange): Promise<{ size: number; body: Uint8Array } | undefined>
  delete(key: string): Promise<void>
  list(prefix: string): Promise<ListedObject[]>
}

const whole = (bytes: Uint8Array): BodyScript => ({ bytes, breaks: false })

export function codeStoreContract(platform: string, store: () => TestedCodeStore): void {
  describe(`code store on ${platform}`, () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) % 251)

    test('answers undefined for what it does not have, and deletes it without complaint', async () => {
      expect(await store().head('code/none')).toBeUndefined()
      expect(await store().get('code/none')).toBeUndefined()
      await store().delete('code/none')
    })

    test('stores a stream and answers the hash of what it stored', async () => {
      const { sha256 } = await store().put('code/a', whole(bytes), bytes.byteLength)
      expect(sha256).toBe(sha256Hex(bytes))
      const stored = await store().get('code/a')
      expect(stored?.body).toEqual(bytes)
      expect(await store().head('code/a')).toEqual({
        size: bytes.byteLength,
        etag: expect.stringMatching(/^".+"$/),
      })
      await store().delete('code/a')
      expect(await store().head('code/a')).toBeUndefined()
    })

    test('reads ranges up to the end, and tells the size of the whole', async () => {
      await store().put('code/b', whole(bytes), bytes.byteLength)
      const part = await store().get('code/b', { offset: 99_990, length: 10 })
      expect(part?.size).toBe(bytes.byteLength)
      expect(part?.body).toEqual(bytes.slice(99_990))
      const rest = await store().get('code/b', { offset: 10, length: 1_000_000 })
      expect(rest?.body).toEqual(bytes.slice(10))
    })

    test('stores an empty body', async () => {
      const { sha256 } = await store().put('code/empty', whole(new Uint8Array()), 0)
      expect(sha256).toBe(sha256Hex(''))
      expect((await store().head('code/empty'))?.size).toBe(0)
    })

    test.each([
      {
        name: 'breaks off',
        body: { bytes: bytes.slice(0, 500), breaks: true },
        message: 'The request body ended before its Content-Length',
      },
      { name: 'is too short', body: whole(bytes.slice(0, 500)) },
      { name: 'is too long', body: whole(bytes) },
    ])('rejects a body that $name', async ({ body, message }) => {
      await expect(store().put('code/broken', body, 1000)).rejects.toThrow(message)
      await store().delete('code/broken')
      expect(await store().list('code/broken')).toEqual([])
    })

    test('lists what begins with a prefix, however many that is, with the time of upload', async () => {
      const names = Array.from({ length: 25 }, (_, i) => `code/many/${String(i).padStart(4, '0')}`)
      const before = Date.now()
      await Promise.all(names.map((key) => store().put(key, whole(bytes), bytes.byteLength)))
      await store().put('code/many-more', whole(bytes), bytes.byteLength)
      const listed = await store().list('code/many/')
      expect(listed.map(({ key }) => key)).toEqual(names)
      const times = listed.map(({ uploadedAtMilliseconds }) => uploadedAtMilliseconds)
      // R2 tells it in milliseconds, and its clock may be another one.
      expect(Math.min(...times)).toBeGreaterThan(before - 10_000)
      expect(Math.max(...times)).toBeLessThan(Date.now() + 10_000)
      await Promise.all(names.map((key) => store().delete(key)))
      expect(await store().list('code/many/')).toEqual([])
    })
  })
}
