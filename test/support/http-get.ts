import { request } from 'node:http'

interface Options {
  method?: string
  headers?: Record<string, string>
}

/**
 * Asks a server on this machine for a URL that need not name it: the Host header is that of the
 * URL, which `fetch` would not send elsewhere. So does a client behind a proxy or a port mapping.
 */
export function httpGet(
  serverOrigin: string,
  url: string,
  { method = 'GET', headers = {} }: Options = {},
): Promise<Response> {
  const { host, pathname, search } = new URL(url)
  const { hostname, port } = new URL(serverOrigin)
  const path = pathname + search
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path, method, headers: { ...headers, host } }
    const outgoing = request(options, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const status = incoming.statusCode ?? 0
        const isEmpty = method === 'HEAD' || status === 204 || status === 304
        const answered = Object.entries(incoming.headers).map(([name, value]): [string, string] => [
          name,
          String(value),
        ])
        resolve(new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers: answered }))
      })
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}
