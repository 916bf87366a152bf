import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { discardRest } from './incoming-body.ts'

const NOTHING = new Uint8Array()

/**
 * Sends the core's answer; rejects when the client has gone. One that says how long it is may be
 * long, and streams; others are sent whole, with their length.
 */
export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  const { status, headers, body } = response
  const lines: string[] = []
  headers.forEach((value, name) => lines.push(name, value))
  if (headers.has('content-length') || status === 204 || status === 304) {
    outgoing.writeHead(status, lines)
    if (body === null) outgoing.end()
    else await pipeline(body, outgoing)
    return
  }
  const bytes = body === null ? NOTHING : new Uint8Array(await response.arrayBuffer())
  outgoing.writeHead(status, [...lines, 'content-length', String(bytes.byteLength)])
  if (!outgoing.req.complete) {
    outgoing.write(bytes)
    await discardRest(outgoing.req)
    outgoing.end()
  } else if (bytes.byteLength > 0) outgoing.end(bytes)
  else outgoing.end()
}
