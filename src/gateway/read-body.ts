import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { sha256Hex } from '../aws/hmac.ts'
import { bodyBrokenOff, invalidRequestContent, type ServiceError } from '../aws/service-error.ts'
import { invalidArgument, recordsTooLarge } from '../kinesis/stream-errors.ts'
import { streamsItsBody } from '../lambda/routes.ts'
import { invalidParameter } from '../logs/invalid-parameter.ts'
import type { Front } from '../ports/front.ts'

/** Enough for every operation but UploadFunction, whose body is streamed. */
const MAX_BODY_BYTES = 8 * 1024 * 1024

/** Reads and verifies the body before any route sees it; UploadFunction verifies its own. */
export const readBody = createMiddleware<Front>(async (c, next) => {
  if (streamsItsBody(c.req.method, c.req.path)) {
    c.set('body', new Uint8Array())
  } else {
    const { size, stream, verify } = c.get('payload')
    if (size !== undefined && size > MAX_BODY_BYTES) throw tooLarge(c)
    const body = await collect(stream)
    if (body === undefined) throw tooLarge(c)
    verify(sha256Hex(body))
    c.set('body', body)
  }
  await next()
})

/** The whole body; `undefined` of one that is too large. */
async function collect(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read().catch(() => Promise.reject(bodyBrokenOff()))
    if (done) break
    size += value.byteLength
    if (size > MAX_BODY_BYTES) {
      await reader.cancel()
      return undefined
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

/** Each service has a code of its own; that of IAM is made from Lambda's. */
function tooLarge(c: Context<Front>): ServiceError {
  const message = `Request must be smaller than ${MAX_BODY_BYTES} bytes`
  switch (c.get('signedService')) {
    case 'kinesis':
      // Nothing else takes so much, and this is what it says of more than 5 MB of records.
      if (c.req.header('x-amz-target')?.endsWith('.PutRecords') === true) return recordsTooLarge()
      return invalidArgument(message)
    case 'logs':
      return invalidParameter(message)
    default:
      return invalidRequestContent(message)
  }
}
