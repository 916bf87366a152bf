import type nodeHttp from 'node:http'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type nodeUrl from 'node:url'
import { apply, assign, get, isCallable } from '../primordials.ts'
import { theProcess } from '../process.ts'
import { processFolder, requireModule } from './node-modules.ts'
import { OUTBOUND_SOCKET, REFUSAL_HEADER, TARGET_HEADER } from './process-protocol.ts'

const views: Record<string, object | undefined> = {}

/**
 * `http` or `https` as they are required. All requests leave by the gateway's socket, the only one
 * that the process may open; for `https` it is the gateway that speaks TLS.
 */
export function httpModule(module: object, name: string): object {
  const scheme = name.replace(/^node:/, '')
  return (views[scheme] ??= viewOf(module, scheme))
}

function viewOf(module: object, scheme: string): object {
  const request = (...args: unknown[]): ClientRequest => {
    const { options, callback } = argumentsOf(args)
    const { request: send } = requireModule('node:http') as typeof nodeHttp
    const sent = send(throughGateway(options, scheme))
    watchRefusal(sent)
    if (callback !== undefined) sent.once('response', callback)
    return sent
  }
  const getRequest = (...args: unknown[]): ClientRequest => {
    const sent = request(...args)
    sent.end()
    return sent
  }
  return assign({}, module, { request, get: getRequest })
}

type Callback = (response: IncomingMessage) => void

function argumentsOf(args: unknown[]): { options: RequestOptions; callback?: Callback } {
  const { urlToHttpOptions } = requireModule('node:url') as typeof nodeUrl
  const [first] = args
  const url = typeof first === 'string' ? new URL(first) : first
  const fromUrl = url instanceof URL ? urlToHttpOptions(url) : {}
  const callback = args.find(isCallable)
  const objects = args.filter((one) => typeof one === 'object' && one !== null && one !== url)
  const given = url instanceof URL ? objects : [url ?? {}, ...objects]
  const options = assign({}, fromUrl, ...given) as RequestOptions
  return callback === undefined ? { options } : { options, callback: callback }
}

function throughGateway(options: RequestOptions, scheme: string): RequestOptions {
  const protocol = options.protocol ?? `${scheme}:`
  const defaultPort = protocol === 'https:' ? 443 : 80
  const host = options.hostname ?? options.host ?? 'localhost'
  const port = options.port ?? options.defaultPort ?? defaultPort
  const shown = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  const target = `${protocol}//${shown}:${port}`
  return {
    ...options,
    protocol: 'http:',
    host,
    port,
    defaultPort,
    // By these it would speak to somebody else.
    agent: false,
    createConnection: undefined,
    lookup: undefined,
    localAddress: undefined,
    socketPath: `${processFolder}/${OUTBOUND_SOCKET}`,
    headers: withTarget(options.headers, target),
  }
}

type Headers = RequestOptions['headers']

function withTarget(headers: Headers, target: string): Headers {
  if (Array.isArray(headers)) return [...(headers as string[]), TARGET_HEADER, target]
  return { ...(headers as Record<string, string> | undefined), [TARGET_HEADER]: target }
}

/** The gateway's refusal is a connection that failed. */
function watchRefusal(request: ClientRequest): void {
  const emit: unknown = get(request, 'emit')
  if (!isCallable(emit)) return
  Reflect.set(request, 'emit', (event: unknown, ...args: unknown[]): unknown => {
    if (event === 'response') readOn(args[0] as IncomingMessage) // what it is emitted with
    const refusal = event === 'response' ? refusalOf(args[0]) : undefined
    if (refusal === undefined) return apply(emit, request, [event, ...args])
    const error = assign(new Error(refusal), { code: 'ECONNREFUSED', syscall: 'connect' })
    request.destroy()
    return apply(emit, request, ['error', error])
  })
}

/**
 * After what a response has given Deno does not look for more unless it is asked again (2.9.5). Node
 * does, and aws-sdk asks once each time that there is something.
 */
function readOn(response: IncomingMessage): void {
  const read = response.read.bind(response) as (size?: number) => unknown
  const process = theProcess()
  Reflect.set(response, 'read', (size?: number): unknown => {
    const chunk = read(size)
    if (chunk !== null) process.nextTick(() => read(0))
    return chunk
  })
}

function refusalOf(response: unknown): string | undefined {
  const headers: unknown = get(response as object, 'headers')
  const text: unknown = get(headers as object, REFUSAL_HEADER)
  return typeof text === 'string' ? decodeURIComponent(text) : undefined
}
