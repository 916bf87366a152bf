import { WorkerEntrypoint } from 'cloudflare:workers'
import { awsEndpointFor } from '../../aws/aws-endpoints.ts'
import { parseSettings, type Settings } from '../../aws/settings.ts'
import { gatewayRefusalOf, parseOutboundPolicy, refusalOf } from '../../runtime/outbound-policy.ts'
import type { Bindings } from './bindings.ts'
import { loopback } from './loopback.ts'

/** The services that this gateway answers itself, under Amazon's host names. */
function ownServices({ kinesis }: Settings, server: string | undefined): string[] {
  // The operator may have streams elsewhere, and then functions put into those.
  const isOwn = kinesis === undefined && server === undefined
  return ['lambda', 'logs', ...(isOwn ? ['kinesis'] : [])]
}

/**
 * Everything that a function sends passes here; redirects come by once more, each on its own. It
 * has no `connect`, so raw sockets are refused.
 */
export class Outbound extends WorkerEntrypoint<Bindings> {
  override async fetch(request: Request): Promise<Response> {
    const settings = parseSettings(this.env)
    const url = new URL(request.url)
    const server = awsEndpointFor(url.hostname, settings.functionAwsEndpoints)
    const isOwn = (name: string) => url.hostname === `${name}.${settings.region}.amazonaws.com`
    if (ownServices(settings, server).some(isOwn)) {
      return loopback(this.ctx).default.fetch(signedAsSent(request, url))
    }
    const policy = parseOutboundPolicy(settings.functionOutbound, settings.gatewayPorts)
    const refusal =
      server === undefined ? refusalOf(url, policy) : gatewayRefusalOf(new URL(server), policy)
    if (refusal !== undefined) throw new Error(`connect ECONNREFUSED: ${refusal}`)
    const sent = server === undefined ? request : redirected(request, url, server)
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
  return new Request(request, { headers })
}
