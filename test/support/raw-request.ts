import { connect } from 'node:net'

/** What came back, of whatever was sent. */
export interface RawAnswer {
  status: number
  headers: Headers
  body: Buffer
  /** Interim answers, such as 100. */
  interim: number[]
}

export interface RawRequest {
  method: string
  /** Path and query, sent as they stand. */
  target: string
  headers: Iterable<readonly [string, string]>
  /** Sent one after the other; a function waits for what it resolves to. */
  body?: (Uint8Array | string)[]
  /** Waits for `100 Continue` before the body, as botocore does. */
  awaitsContinue?: boolean
  /** Leaves as soon as all is sent, and so without an answer. */
  hangsUp?: boolean
}

/** No answer came in time, and the connection was still open. */
export class Hang extends Error {}

const LIMIT_MILLISECONDS = 30_000

/** The bytes of a request without its body. `Connection: close` lets the answer end by itself. */
export function headOf({ method, target, headers }: RawRequest): string {
  const lines = Array.from(headers, ([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}Connection: close\r\n\r\n`
}

/** Sends what no HTTP client would send, byte for byte. Rejects when no answer comes. */
export function sendRaw(port: number, request: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let received = Buffer.alloc(0)
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Hang(`No answer to ${request.method} ${request.target.slice(0, 200)}`))
    }, LIMIT_MILLISECONDS)
    const sendBody = () => {
      for (const part of request.body ?? []) socket.write(part)
      if (request.hangsUp === true) socket.destroySoon()
    }
    let isContinued = request.awaitsContinue !== true
    socket.on('connect', () => {
      socket.write(Buffer.from(headOf(request), 'latin1'))
      if (isContinued) sendBody()
    })
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      if (isContinued || !received.includes('\r\n\r\n')) return
      isContinued = true
      if (received.toString('latin1').startsWith('HTTP/1.1 100')) sendBody()
    })
    // An answer that came before all was read may end in a reset; it counts as well.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      const answer = parseAnswer(received)
      if (answer === undefined) reject(new Error(`No answer, but: ${received.toString('latin1')}`))
      else resolve(answer)
    })
  })
}

function parseAnswer(received: Buffer): RawAnswer | undefined {
  const interim: number[] = []
  let rest = received
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    const [statusLine = '', ...lines] = rest.toString('latin1', 0, Math.max(end, 0)).split('\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1])
    if (end < 0 || Number.isNaN(status)) return undefined
    rest = rest.subarray(end + 4)
    if (status < 200) {
      interim.push(status)
      continue
    }
    const headers = new Headers(
      lines.map((line): [string, string] => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon), line.slice(colon + 1).trim()]
      }),
    )
    const isChunked = headers.get('transfer-encoding') === 'chunked'
    return { status, headers, body: isChunked ? unchunked(rest) : rest, interim }
  }
}

function unchunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const end = bytes.indexOf('\r\n', at)
    const size = parseInt(bytes.toString('latin1', at, end), 16)
    if (end < 0 || !(size > 0)) return Buffer.concat(parts)
    parts.push(bytes.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}

/** A body in chunks, for requests without Content-Length. */
export function chunked(body: Uint8Array): Buffer {
  const size = Buffer.from(`${body.byteLength.toString(16)}\r\n`)
  return Buffer.concat([size, body, Buffer.from('\r\n0\r\n\r\n')])
}
