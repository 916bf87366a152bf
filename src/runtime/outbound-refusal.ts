import { hostOf, type OutboundPolicy } from '../aws/outbound-policy.ts'
import { isPublicAddress } from './public-address.ts'

/** Why a function may not reach this URL, or `undefined` when it may. */
export function refusalOf(url: URL, policy: OutboundPolicy): string | undefined {
  const host = hostOf(url)
  const port = portOf(url)
  const isPublic = isPublicHost(host)
  const refusal = gatewayRefusalOf(url, policy)
  if (refusal !== undefined) return refusal
  if (isListed(host, port, policy)) return undefined
  if (!isPublic) return `${host} is not a public address; FUNCTION_OUTBOUND can allow it`
  return policy.isPublicAllowed ? undefined : `FUNCTION_OUTBOUND does not allow ${host}`
}

/**
 * Why a function may not reach this URL at `address`, to which its host has resolved. What the
 * operator has named may be anywhere but at the gateway itself.
 */
export function addressRefusalOf(
  url: URL,
  address: string,
  isNamedByOperator: boolean,
  policy: OutboundPolicy,
): string | undefined {
  const host = address.includes(':') ? `[${address}]` : address
  const resolved = new URL(`${url.protocol}//${host}:${portOf(url)}`)
  const isNamed = isNamedByOperator || isListed(hostOf(url), portOf(url), policy)
  return isNamed ? gatewayRefusalOf(resolved, policy) : refusalOf(resolved, policy)
}

function isListed(host: string, port: string, { allowed }: OutboundPolicy): boolean {
  return allowed.some(
    (entry) => entry.host === host && (entry.port === undefined || entry.port === port),
  )
}

/** Why not even a server that the operator named may be reached at this URL. */
export function gatewayRefusalOf(url: URL, policy: OutboundPolicy): string | undefined {
  const host = hostOf(url)
  const port = portOf(url)
  const isGateway = !isPublicHost(host) && policy.gatewayPorts.includes(Number(port))
  return isGateway ? `${host}:${port} is the gateway's own or its inspector's port` : undefined
}

function portOf(url: URL): string {
  if (url.port !== '') return url.port
  return url.protocol === 'https:' ? '443' : '80'
}

function isPublicHost(host: string): boolean {
  if (host.startsWith('[') || /^\d+(\.\d+){3}$/.test(host)) return isPublicAddress(host)
  // A name without a dot, and these endings, are of the local network.
  return (
    host.includes('.') &&
    !/\.(localhost|local|internal|home\.arpa|localdomain|lan|home|corp|intranet|private)$/.test(
      host,
    )
  )
}
