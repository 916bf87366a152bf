/**
 * The origin that the client used, for a URL that only goes back to this client. The host is that
 * of the Host header: it was signed, so no proxy changed it, and X-Forwarded-Host could tell nothing
 * true. The scheme is what a proxy that ends TLS says it was; whoever lies here lies to himself.
 */
export function clientOrigin(url: string, forwardedProto: string | undefined): string {
  const { protocol, host } = new URL(url)
  // Each proxy adds its own behind a comma; the client spoke to the first.
  const forwarded = forwardedProto?.split(',', 1)[0]?.trim().toLowerCase()
  const isKnown = forwarded === 'https' || forwarded === 'http'
  return `${isKnown ? `${forwarded}:` : protocol}//${host}`
}
