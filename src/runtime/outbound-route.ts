import { awsEndpointFor } from '../aws/aws-endpoints.ts'
import type { Settings } from '../aws/settings.ts'
import { gatewayRefusalOf, refusalOf } from './outbound-refusal.ts'

/** Where a request of a function goes. */
export type OutboundRoute =
  /** The gateway answers it itself. */
  | { kind: 'gateway' }
  | { kind: 'refused'; reason: string }
  /** To the server that its URL names, or to `server`, an origin, which stands in for Amazon's. */
  | { kind: 'sent'; server?: string }

/** What the gateway's settings make of a request to `url`. */
export function outboundRoute(url: URL, settings: Settings): OutboundRoute {
  const server = awsEndpointFor(url.hostname, settings.functionAwsEndpoints)
  if (ownHosts(settings, server).includes(url.hostname)) return { kind: 'gateway' }
  const policy = settings.functionOutbound
  const reason =
    server === undefined ? refusalOf(url, policy) : gatewayRefusalOf(new URL(server), policy)
  if (reason !== undefined) return { kind: 'refused', reason }
  return server === undefined ? { kind: 'sent' } : { kind: 'sent', server }
}

/** Amazon's hosts that this gateway answers for itself; IAM's and STS's may name no region. */
function ownHosts({ kinesis, region }: Settings, server: string | undefined): string[] {
  const always = ['lambda', 'logs'].map((name) => `${name}.${region}.amazonaws.com`)
  // The operator may have others of these elsewhere, and then functions use those.
  if (server !== undefined) return always
  const identity = ['iam', 'sts'].flatMap((name) => [
    `${name}.amazonaws.com`,
    `${name}.${region}.amazonaws.com`,
  ])
  const streams = kinesis === undefined ? [`kinesis.${region}.amazonaws.com`] : []
  return [...always, ...identity, ...streams]
}
