import { WorkerEntrypoint } from 'cloudflare:workers'
import { outboundRoute } from '../../runtime/outbound-route.ts'
import type { Bindings } from './bindings.ts'
import { loopback } from './loopback.ts'
import { settingsOf } from './settings-of.ts'

/**
 * Everything that a function sends passes here; redirects come by once more, each on its own. It
 * has no `connect`, so raw sockets are refused.
 */
export class Outbound extends WorkerEntrypoint<Bindings> {
  override async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const route = outboundRoute(url, settingsOf(this.env))
    if (route.kind === 'gateway') {
      return loopback(this.ctx).default.fetch(signedAsSent(request, url))
    }
    if (route.kind === 'refused') throw new Error(`connect ECONNREFUSED: ${route.reason}`)
    const sent = route.server === undefined ? request : redirected(request, url, route.server)
    try {
      return await fetch(sent, { redirect: 'manual' })
    } catch (error) {
      // Of an unknown host or a closed port workerd says "internal error" and nothing else.
      throw new Error(`connect ECONNREFUSED: ${url.host} cannot be reached (${String(error)})`, {
        cause: error,
      })
    }
  }
}

/**
 * The same path, query and body for another server, byte by byte: they were signed. So was the Host
 * header, but `fetch` makes its own of the URL (measured), so the signed one travels beside it.
 */
function redirected(request: Request, url: URL, server: string): Request {
  const target = server + request.url.replace(/^[a-z]+:\/\/[^/?#]*/, '')
  const redirectedRequest = new Request(target, request)
  redirectedRequest.headers.set('x-forwarded-host', url.host)
  return redirectedRequest
}

/** The Host header was signed, but is not among the headers of a request that never left. */
function signedAsSent(request: Request, url: URL): Request {
  const headers = new Headers(request.headers)
  headers.set('host', url.host)
  // Where a request comes from is the platform's to say: policies may ask for it.
  headers.delete('cf-connecting-ip')
  return new Request(request, { headers })
}
