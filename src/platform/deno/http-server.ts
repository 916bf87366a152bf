import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { logFault } from '../../aws/log-fault.ts'
import { isEndless } from './incoming-body.ts'
import { hasOneHost, hasTooManyHeaders, incomingRequest } from './incoming-request.ts'
import { sendResponse } from './send-response.ts'
import { withinTime } from './time-limit.ts'

interface Options {
  hostname: string
  port: number
  answer: (request: Request) => Promise<Response>
}

export interface HttpServer {
  /** Takes no more requests, and gives those that it has so long to end. */
  close(limitMilliseconds: number): Promise<void>
}

/** A line of 60 KB is refused by operations, in their words, and not here. */
const MAX_HEAD_BYTES = 96 * 1024
/** Fifty megabytes may come by a slow line. */
const REQUEST_MILLISECONDS = 15 * 60_000
/** Longer than clients keep a connection that is idle, so that it is them who end it. */
const IDLE_MILLISECONDS = 75_000

/** Resolves when it listens. */
export async function httpServer({ hostname, port, answer }: Options): Promise<HttpServer> {
  const unanswered = new Map<Duplex, ServerResponse>()

  async function serve(message: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const refusal = refusalOf(message)
    if (refusal !== undefined) {
      outgoing.writeHead(refusal, { connection: 'close', 'content-length': 0 }).end()
      return
    }
    unanswered.set(message.socket, outgoing)
    outgoing.once('close', () => unanswered.delete(message.socket))
    try {
      const request = await readable(message)
      await sendResponse(request === undefined ? badRequest() : await answer(request), outgoing)
    } catch (error) {
      // Most often the client has gone, which is nobody's fault.
      if (!outgoing.headersSent) {
        logFault('request not answered', { method: message.method, url: message.url }, error)
        outgoing.writeHead(500).end()
      } else outgoing.destroy()
    }
  }

  const server = createServer(
    {
      maxHeaderSize: MAX_HEAD_BYTES,
      requestTimeout: REQUEST_MILLISECONDS,
      keepAliveTimeout: IDLE_MILLISECONDS,
    },
    (message, outgoing) => void serve(message, outgoing),
  )
  server.maxHeadersCount = 0
  // Without a listener its connection would be closed without a word.
  server.on('connect', (_, socket: Duplex) => end(socket, '400 Bad Request'))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const pending = unanswered.get(socket)
    // What came before was a request, and has its answer first.
    if (pending === undefined || pending.writableFinished) refuse(error, socket)
    else pending.once('finish', () => socket.end())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, hostname, resolve)
  })

  return {
    async close(limitMilliseconds) {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      await withinTime(limitMilliseconds, closed)
      server.closeAllConnections()
    },
  }
}

/** The status of what is no request that can be read as it was meant, whoever sent it. */
function refusalOf(message: IncomingMessage): number | undefined {
  if (hasTooManyHeaders(message)) return 431
  return isEndless(message) || !hasOneHost(message) ? 400 : undefined
}

function readable(message: IncomingMessage): Promise<Request | undefined> {
  return incomingRequest(message).catch(() => undefined)
}

function badRequest(): Response {
  return new Response(null, { status: 400 })
}

/** What is no HTTP, or too much of it, never becomes a request. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW'
  end(socket, isTooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request')
}

function end(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}
