import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { passedHeaders } from './passed-headers.ts'

/** Has the gateway answer a request that never leaves; its Host header was signed. */
export async function askGateway(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  url: URL,
  gateway: (request: Request) => Promise<Response>,
): Promise<void> {
  const headers = new Headers()
  const passed = passedHeaders(incoming.rawHeaders)
  for (let at = 0; at + 1 < passed.length; at += 2) {
    const [name = '', value = ''] = passed.slice(at, at + 2)
    // Where a request comes from is the platform's to say: policies may ask for it.
    if (name.toLowerCase() !== 'cf-connecting-ip') headers.append(name, value)
  }
  headers.set('host', url.host)
  const method = incoming.method ?? 'GET'
  const body = /^(GET|HEAD)$/.test(method) ? null : webStream(incoming)
  const init = { method, headers, body, duplex: 'half', redirect: 'manual' } as const
  const response = await gateway(new Request(url, init))
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (response.body === null) outgoing.end()
  else await pipeline(response.body, outgoing)
}

function webStream(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  // Two names for one thing: that of `node:stream/web` has more methods.
  return Readable.toWeb(incoming) as ReadableStream<Uint8Array>
}
