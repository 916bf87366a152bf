import { isPublicAddress } from './public-address.ts'

/** What functions may reach: `FUNCTION_OUTBOUND`, read once. */
export interface OutboundPolicy {
  isPublicAllowed: boolean
  /** Normalised hosts, with the one port that is allowed or all of them. */
  allowed: { host: string; port: string | undefined }[]
  gatewayPorts: number[]
}

/**
 * Reads `public`, `none`, or a list such as `public,127.0.0.1,db.local:8000`. Throws an Error that
 * names the part it cannot read.
 */
export function parseOutboundPolicy(text: string, gatewayPorts: number[]): OutboundPolicy {
  const parts = text.split(',').map((part) => part.trim())
  const policy: OutboundPolicy = {
    isPublicAllowed: parts.includes('public'),
    allowed: [],
    gatewayPorts,
  }
  for (const part of parts) {
    if (part === 'public' || part === 'none' || part === '') continue
    const url = URL.parse(`http://${part}`)
    if (url === null || url.pathname !== '/' || url.search !== '') {
      throw new Error(`FUNCTION_OUTBOUND: '${part}' is neither 'public', 'none' nor a host`)
    }
    // The parser drops a port that is the scheme's own.
    const port = /:(\d+)$/.exec(part)?.[1]
    policy.allowed.push({ host: hostOf(url), port: port === undefined ? undefined : String(+port) })
  }
  return policy
}

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

/** URL parsing has already made `0x7f.1` and `2130706433` into `127.0.0.1`. */
function hostOf(url: URL): string {
  return url.hostname.toLowerCase().replace(/\.+$/, '')
}

function portOf(url: URL): string {
  if (url.port !== '') return url.port
  return url.protocol === 'https:' ? '443' : '80'
}

function isPublicHost(host: string): boolean {
  if (host.startsWith('[') || /^\d+(\.\d+){3}$/.test(host)) return isPublicAddress(host)
  // A name without a dot, and these endings, are of the local network.
  return host.includes('.') && !/\.(localhost|local|internal|home\.arpa|localdomain)$/.test(host)
}
