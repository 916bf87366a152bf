import type { IncomingMessage } from 'node:http'
import { incomingBody } from './incoming-body.ts'

/** Clients send a dozen. A thousand take some milliseconds, ten thousand a second (2.9.5). */
const MAX_HEADERS = 1100

/**
 * The request as the gateway's core reads it. Rejects with a TypeError when no URL can be made of
 * it.
 *
 * Deno's own server leaves out the body of a GET, of which boto 2 has one and signs it; and a `Request`
 * can have neither that nor some methods. So it is made as a POST, and has its method afterwards.
 */
export async function incomingRequest(message: IncomingMessage): Promise<Request> {
  const { method = 'GET', rawHeaders, socket } = message
  const url = urlOf(message)
  const body = await incomingBody(message)
  const request = new Request(url, { method: 'POST', body, ...HALF_DUPLEX })
  // To give them with the others would cost three times as much as all of this (2.9.5).
  const { headers } = request
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  }
  // Where a request comes from is the connection's to say, whatever its headers say of it.
  headers.set('cf-connecting-ip', plainAddress(socket.remoteAddress))
  Object.defineProperty(request, 'method', { value: method })
  return request
}

/**
 * Whether it names one host, or none: of several nobody can know which is meant, and what is no host
 * might turn into a path (RFC 9112, 3.2).
 */
export function hasOneHost({ rawHeaders, headers: { host = '' } }: IncomingMessage): boolean {
  const isHost = (text: string, at: number) =>
    at % 2 === 0 && text.length === 4 && text.toLowerCase() === 'host'
  return rawHeaders.filter(isHost).length <= 1 && !/[/?#@\\\s]/.test(host)
}

/** Each header costs the more the more there are, and nobody has signed anything yet. */
export function hasTooManyHeaders({ rawHeaders }: IncomingMessage): boolean {
  return rawHeaders.length > 2 * MAX_HEADERS
}

/** A body that streams: types of the DOM do not know this yet. */
const HALF_DUPLEX = { duplex: 'half' } as const

/** What a client calls it, `https` for one, is not what it came by: policies may ask for that. */
function urlOf({ url = '/', headers: { host = 'localhost' } }: IncomingMessage): string {
  if (url.startsWith('/')) return `http://${host}${url}`
  const { host: named, pathname, search } = new URL(url, `http://${host}`)
  return `http://${named}${pathname}${search}`
}

/** An IPv4 address is one, though it came to a socket of IPv6. */
function plainAddress(address = ''): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '')
}
