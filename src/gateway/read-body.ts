import { createMiddleware } from 'hono/factory'
import { sha256Hex } from '../aws/hmac.ts'
import { bodyBrokenOff, invalidRequestContent } from '../aws/service-error.ts'
import { streamsItsBody } from '../lambda/routes.ts'
import type { Front } from '../ports/front.ts'

/** Enough for every operation but UploadFunction, whose body is streamed. */
const MAX_BODY_BYTES = 8 * 1024 * 1024

/** Reads and verifies the body before any route sees it; UploadFunction verifies its own. */
export const readBody = createMiddleware<Front>(async (c, next) => {
  if (streamsItsBody(c.req.method, c.req.path)) {
    c.set('body', new Uint8Array())
  } else {
    const { size, stream, verify } = c.get('payload')
    if (size !== undefined && size > MAX_BODY_BYTES) throw tooLarge()
    const body = await collect(stream)
    verify(sha256Hex(body))
    c.set('body', body)
  }
  await next()
})

async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read().catch(() => Promise.reject(bodyBrokenOff()))
    if (done) break
    size += value.byteLength
    if (size > MAX_BODY_BYTES) {
      await reader.cancel()
      throw tooLarge()
    }
    chunks.push(value)
  }
  const body = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.byteLength
  }
  return body
}

function tooLarge(): Error {
  return invalidRequestContent(`Request must be smaller than ${MAX_BODY_BYTES} bytes`)
}
