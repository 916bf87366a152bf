import { WorkerEntrypoint } from 'cloudflare:workers'
import { parseSettings } from '../../aws/settings.ts'
import { parseOutboundPolicy, refusalOf } from '../../runtime/outbound-policy.ts'
import type { Bindings } from './bindings.ts'
import { loopback } from './loopback.ts'

/** The services that this gateway answers itself, under Amazon's host names. */
const OWN_SERVICES = ['lambda', 'logs']

/**
 * Everything that a function sends passes here; redirects come by once more, each on its own. It
 * has no `connect`, so raw sockets are refused.
 */
export class Outbound extends WorkerEntrypoint<Bindings> {
  override async fetch(request: Request): Promise<Response> {
    const settings = parseSettings(this.env)
    const url = new URL(request.url)
    if (OWN_SERVICES.some((name) => url.hostname === `${name}.${settings.region}.amazonaws.com`)) {
      return loopback(this.ctx).default.fetch(signedAsSent(request, url))
    }
    const policy = parseOutboundPolicy(settings.functionOutbound, settings.gatewayPorts)
    const refusal = refusalOf(url, policy)
    if (refusal !== undefined) throw new Error(`connect ECONNREFUSED: ${refusal}`)
    return fetch(request, { redirect: 'manual' })
  }
}

/** The Host header was signed, but is not among the headers of a request that never left. */
function signedAsSent(request: Request, url: URL): Request {
  const headers = new Headers(request.headers)
  headers.set('host', url.host)
  return new Request(request, { headers })
}
