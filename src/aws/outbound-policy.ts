/** What functions may reach: `FUNCTION_OUTBOUND`, and the ports that are the gateway's own. */
export interface OutboundPolicy extends AllowedHosts {
  gatewayPorts: readonly number[]
}

export interface AllowedHosts {
  isPublicAllowed: boolean
  /** Normalised hosts, with the one port that is allowed or all of them. */
  allowed: { host: string; port: string | undefined }[]
}

/**
 * Reads `public`, `none`, or a list such as `public,127.0.0.1,db.local:8000`. Throws an Error that
 * names the part it cannot read.
 */
export function parseAllowedHosts(text: string): AllowedHosts {
  const parts = text.split(',').map((part) => part.trim())
  const hosts: AllowedHosts = { isPublicAllowed: parts.includes('public'), allowed: [] }
  for (const part of parts) {
    if (part === 'public' || part === 'none' || part === '') continue
    const url = URL.parse(`http://${part}`)
    if (url === null || url.pathname !== '/' || url.search !== '') {
      throw new Error(`'${part}' is neither 'public', 'none' nor a host`)
    }
    // The parser drops a port that is the scheme's own.
    const port = /:(\d+)$/.exec(part)?.[1]
    hosts.allowed.push({ host: hostOf(url), port: port === undefined ? undefined : String(+port) })
  }
  return hosts
}

/** URL parsing has already made `0x7f.1` and `2130706433` into `127.0.0.1`. */
export function hostOf(url: URL): string {
  return url.hostname.toLowerCase().replace(/\.+$/, '')
}
