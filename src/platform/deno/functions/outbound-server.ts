import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Settings } from '../../../aws/settings.ts'
import { parseOutboundPolicy } from '../../../runtime/outbound-policy.ts'
import { outboundRoute } from '../../../runtime/outbound-route.ts'
import { REFUSAL_HEADER, TARGET_HEADER } from '../../../runtime/sandbox/process/process-protocol.ts'
import { checkedAddress } from './checked-address.ts'
import { askGateway } from './gateway-request.ts'
import { sendOut } from './sent-request.ts'

interface Options {
  settings: Settings
  /** Answers requests for services that the gateway serves itself. */
  gateway: (request: Request) => Promise<Response>
}

/**
 * The only way out of a function's process: it opens `socketPath` and nothing else. Resolves with
 * what closes it, once it listens.
 */
export function outboundServer({ settings, gateway }: Options) {
  const policy = parseOutboundPolicy(settings.functionOutbound, settings.gatewayPorts)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = targetOf(request)
    const route = outboundRoute(url, settings)
    if (route.kind === 'refused') throw new Error(route.reason)
    if (route.kind === 'gateway') {
      await askGateway(request, response, url, gateway)
      return
    }
    const server = route.server === undefined ? url : new URL(route.server)
    const checked = await checkedAddress(server, route.server !== undefined, policy)
    if ('refusal' in checked) throw new Error(checked.refusal)
    const isStandIn = route.server !== undefined
    await sendOut(request, response, { url, server, address: checked.address, isStandIn })
  }

  return async (socketPath: string): Promise<() => void> => {
    const server = createServer((request, response) => {
      answer(request, response).catch((error: unknown) => refuse(response, error))
    })
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

/** Where the function wants to go. Throws for what names no http server. */
function targetOf(request: IncomingMessage): URL {
  const origin = request.headers[TARGET_HEADER]
  const path = request.url ?? '/'
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
  response.writeHead(502, { [REFUSAL_HEADER]: header, connection: 'close' }).end()
}
