import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { FETCH_HOST } from '../../../runtime/sandbox/process/process-protocol.ts'
import { passedHeaders } from './passed-headers.ts'

interface Destination {
  /** Where the function sent the request. */
  url: URL
  /** With its query, byte by byte. */
  path: string
  /** The server that gets it, another one if it stands in for Amazon's. */
  server: URL
  isStandIn: boolean
  /** Its address, which has been checked. */
  address: string
}

/** Sends a function's request, byte by byte: it may be signed. Rejects when it cannot be sent. */
export async function sendOut(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { url, path, server, address, isStandIn }: Destination,
): Promise<void> {
  const isHttps = server.protocol === 'https:'
  const hostname = server.hostname
  const headers = withHost(passedHeaders(incoming.rawHeaders), url)
  const sent = (isHttps ? httpsRequest : httpRequest)({
    host: address,
    port: server.port === '' ? (isHttps ? 443 : 80) : Number(server.port),
    method: incoming.method,
    path,
    headers: isStandIn ? forwarded(headers, url) : headers,
    setHost: false,
    agent: false,
    ...(isHttps && isIP(hostname) === 0 ? { servername: hostname } : {}),
  })
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const fail = (why: string) => reject(new Error(`${url.host} cannot be reached (${why})`))
  sent.once('response', resolve)
  // Nobody has asked for it: to pass it on would be a raw connection.
  sent.once('upgrade', (_, socket) => {
    socket.destroy()
    fail('it has changed protocols')
  })
  sent.on('error', (error) => fail(error.message))
  outgoing.once('close', () => sent.destroy())
  void pipeline(incoming, sent).catch(() => undefined)
  const response = await promise
  outgoing.writeHead(
    response.statusCode ?? 502,
    response.statusMessage,
    passedHeaders(response.rawHeaders),
  )
  await pipeline(response, outgoing)
}

/** What signs requests signs the Host; `fetch` cannot name it, and what names none gets the URL's. */
function withHost(headers: string[], url: URL): string[] {
  const at = headers.findIndex((_, index) => isNamed('host', headers, index))
  const named = at === -1 ? undefined : headers[at + 1]
  if (named !== undefined && named !== FETCH_HOST) return headers
  return ['Host', url.host, ...headers.filter((_, index) => !isNamed('host', headers, index))]
}

/** To whom the function sent it is the gateway's to say. */
function forwarded(headers: string[], url: URL): string[] {
  const name = 'x-forwarded-host'
  return [...headers.filter((_, index) => !isNamed(name, headers, index)), name, url.host]
}

/** Of names and values by turns. */
function isNamed(name: string, headers: string[], index: number): boolean {
  return headers[index - (index % 2)]?.toLowerCase() === name
}
