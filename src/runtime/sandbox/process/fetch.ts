import { bare, get } from '../primordials.ts'

import { lazily, processFolder } from './node-modules.ts'
import { FETCH_HOST, OUTBOUND_SOCKET, REFUSAL_HEADER, TARGET_HEADER } from './process-protocol.ts'

const MAX_REDIRECTS = 20
const NativeRequest = Request
const NativeHeaders = Headers
const NativeURL = URL
const nativeFetch: (request: Request, init: object) => Promise<Response> = fetch
const deno = get(globalThis, 'Deno') as { createHttpClient: (options: object) => object }
const createHttpClient = deno.createHttpClient.bind(deno)

/** All connections are to the gateway's socket, wherever the URL says. */
const client = lazily(() =>
  createHttpClient({
    proxy: { transport: 'unix', path: `${processFolder}/${OUTBOUND_SOCKET}` },
    // A call may be the last for a long time, and none of it is left open.
    poolMaxIdlePerHost: 0,
  }),
)

interface Hop {
  url: URL
  method: string
  headers: Headers
  body: ArrayBuffer | null
}

/** `fetch` by the gateway's socket, as `http` is. Redirects pass the gateway each on its own. */
export function installFetch(): void {
  Reflect.set(globalThis, 'fetch', async (...given: ConstructorParameters<typeof Request>) => {
    const request = new NativeRequest(...given)
    const url = new NativeURL(request.url)
    if (!/^https?:$/.test(url.protocol)) return nativeFetch(request, {})
    // A stream could not be sent again after a redirect, and S3 asks for the length beforehand.
    const body = request.body === null ? null : await request.arrayBuffer()
    const headers = new NativeHeaders(request.headers)
    return follow({ url, method: request.method, headers, body }, request)
  })
}

async function follow(first: Hop, { redirect, signal }: Request): Promise<Response> {
  let hop = first
  for (let count = 0; count <= MAX_REDIRECTS; count++) {
    const response = await send(hop, signal)
    const location = isRedirect(response.status) ? response.headers.get('location') : null
    if (location === null || redirect === 'manual') return told(response, hop.url, count > 0)
    await response.body?.cancel()
    if (redirect === 'error') throw new TypeError(`fetch failed: ${hop.url.href} redirects`)
    hop = next(hop, response.status, new NativeURL(location, hop.url))
  }
  throw new TypeError(`fetch failed: more than ${MAX_REDIRECTS} redirects`)
}

async function send({ url, method, headers, body }: Hop, signal: AbortSignal): Promise<Response> {
  const sent = new NativeHeaders(headers)
  sent.set(TARGET_HEADER, url.origin)
  const request = new NativeRequest(`http://${FETCH_HOST}${url.pathname}${url.search}`, {
    method,
    headers: sent,
    body,
    redirect: 'manual',
    signal,
  })
  const response = await nativeFetch(request, bare({ client: client() }))
  const refusal = response.headers.get(REFUSAL_HEADER)
  if (refusal !== null) throw new TypeError(`fetch failed: ${decodeURIComponent(refusal)}`)
  return response
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}

/** By the rules of Fetch: what becomes of a POST, and what no other server may see. */
function next(hop: Hop, status: number, url: URL): Hop {
  const headers = new NativeHeaders(hop.headers)
  if (url.origin !== hop.url.origin) {
    for (const name of ['authorization', 'cookie', 'proxy-authorization']) headers.delete(name)
  }
  const becomesGet =
    (status === 303 && hop.method !== 'HEAD') || (status <= 302 && hop.method === 'POST')
  if (!becomesGet) return { ...hop, url, headers }
  for (const name of ['content-encoding', 'content-language', 'content-length', 'content-type']) {
    headers.delete(name)
  }
  return { url, method: 'GET', headers, body: null }
}

function told(response: Response, url: URL, redirected: boolean): Response {
  return Object.defineProperties(response, {
    url: { value: url.href },
    redirected: { value: redirected },
  })
}
