import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Settings } from '../../../aws/settings.ts'
import { outboundRoute } from '../../../runtime/outbound-route.ts'
import {
  FETCH_HOST,
  REFUSAL_HEADER,
  TARGET_HEADER,
} from '../../../runtime/sandbox/process/process-protocol.ts'
import { boundedLookups } from './bounded-lookups.ts'
import { checkedAddress, systemLookup, type Lookup } from './checked-address.ts'
import { askGateway } from './gateway-request.ts'
import { sendOut } from './sent-request.ts'

interface Options {
  settings: Settings
  /** Answers requests for services that the gateway serves itself. */
  gateway: (request: Request) => Promise<Response>
  /** How names are resolved: the system's way, if nothing is said. */
  lookup?: Lookup
}

/** Of one process at a time: each takes a descriptor of the gateway's, and another to its server. */
const MAX_CONNECTIONS = 256
/**
 * Of one request. To put together many takes a time that grows by their square, and what comes after
 * these Deno leaves out without a word (measured, 2.9.5).
 */
const MAX_HEADERS = 1000

/**
 * The only way out of a function's process: it opens `socketPath` and nothing else. Resolves with
 * what closes it, once it listens.
 */
export function outboundServer({ settings, gateway, lookup = systemLookup }: Options) {
  const newLookup = boundedLookups(lookup)

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    find: Lookup,
  ): Promise<void> {
    // Names and values by turns.
    if (request.rawHeaders.length >= 2 * MAX_HEADERS) {
      throw new Error(`the request has ${MAX_HEADERS} headers or more`)
    }
    const path = pathOf(request)
    const url = targetOf(request, path)
    const route = outboundRoute(url, settings)
    if (route.kind === 'refused') throw new Error(route.reason)
    if (route.kind === 'gateway') {
      await askGateway(request, response, url, gateway)
      return
    }
    const isStandIn = route.server !== undefined
    const server = route.server === undefined ? url : new URL(route.server)
    const checked = await checkedAddress(find, server, isStandIn, settings.functionOutbound)
    if ('refusal' in checked) throw new Error(checked.refusal)
    await sendOut(request, response, {
      url,
      path,
      server,
      address: checked.address,
      isStandIn,
    })
  }

  return async (socketPath: string): Promise<() => void> => {
    const find = newLookup()
    const server = createServer((request, response) => {
      answer(request, response, find).catch((error: unknown) => refuse(response, error))
    })
    server.maxConnections = MAX_CONNECTIONS
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(socketPath, resolve)
    })
    return () => {
      server.close()
      server.closeAllConnections()
    }
  }
}

/** As it was sent; `fetch` writes the whole URL, as to a proxy. */
function pathOf({ url = '/' }: IncomingMessage): string {
  const origin = `http://${FETCH_HOST}`
  return url.startsWith(`${origin}/`) ? url.slice(origin.length) : url
}

/** Where the function wants to go. Throws for what names no http server. */
function targetOf(request: IncomingMessage, path: string): URL {
  const origin = request.headers[TARGET_HEADER]
  const url = typeof origin === 'string' ? URL.parse(origin) : null
  if (url === null || !/^https?:$/.test(url.protocol) || !path.startsWith('/')) {
    throw new Error('the request names no http server')
  }
  return new URL(url.origin + path)
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const reason = error instanceof Error ? error.message : String(error)
  const header = encodeURIComponent(`connect ECONNREFUSED: ${reason}`)
  // Said anew: it may be a server's, which is why it cannot be sent.
  const phrase = 'Bad Gateway'
  response.writeHead(502, phrase, { [REFUSAL_HEADER]: header, connection: 'close' }).end()
}
