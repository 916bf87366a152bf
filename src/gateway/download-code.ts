import type { Context } from 'hono'
import { isGoodCodeUrl } from '../aws/code-url.ts'
import { ServiceError } from '../aws/service-error.ts'
import type { ByteRange } from '../ports/code-store.ts'
import type { Front } from '../ports/front.ts'

/**
 * The one open route besides the health check: serves a zip to whoever has a URL that GetFunction
 * answered less than ten minutes ago. The object is immutable, so an old URL has the old bytes.
 */
export async function downloadCode(c: Context<Front>): Promise<Response> {
  const { code, settings, now } = c.get('ports')
  const codeKey = c.req.path.slice(1)
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
  const isGood = isGoodCodeUrl(settings.rootSecretAccessKey, codeKey, c.req.query(), now())
  if (!isRead || !isGood) {
    throw new ServiceError('AccessDeniedException', 'The URL is not valid, or no longer valid')
  }
  const whole = await code.head(codeKey)
  if (whole === undefined) {
    throw new ServiceError('ResourceNotFoundException', 'The package is no longer stored')
  }
  const { size, etag } = whole
  c.header('accept-ranges', 'bytes')
  c.header('etag', etag)
  if (isKnown(c.req.header('if-none-match'), etag)) return c.body(null, 304)
  c.header('content-type', 'application/zip')
  const range = c.req.header('range')
  const isOfThis = (c.req.header('if-range') ?? etag) === etag
  const part = range === undefined || !isOfThis ? undefined : parseRange(range, size)
  if (part === 'unsatisfiable') {
    c.header('content-range', `bytes */${size}`)
    return c.body(null, { status: 416 })
  }
  const { offset, length } = part ?? { offset: 0, length: size }
  c.header('content-length', String(length))
  if (part !== undefined) {
    c.header('content-range', `bytes ${offset}-${offset + length - 1}/${size}`)
  }
  const body = c.req.method === 'HEAD' ? undefined : await code.get(codeKey, { offset, length })
  return c.newResponse(body?.body ?? null, part === undefined ? 200 : 206)
}

/** RFC 9110: what an If-None-Match header lists, a client has already. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const listed = ifNoneMatch?.split(',').map((one) => one.trim().replace(/^W\//, ''))
  return listed !== undefined && (listed.includes(etag) || listed.includes('*'))
}

/** RFC 9110: one range of bytes. Anything else is as if it had not been asked for. */
function parseRange(header: string, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? []
  if (first === '' && last === '') return undefined
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'unsatisfiable' : { offset: size - length, length }
  }
  const offset = Number(first)
  if (last !== '' && Number(last) < offset) return undefined
  if (offset >= size) return 'unsatisfiable'
  const end = last === '' ? size : Math.min(Number(last) + 1, size)
  return { offset, length: end - offset }
}
