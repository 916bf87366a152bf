import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { EventRequest } from './server.ts'

/**
 * When each request was answered with 2xx, in epoch milliseconds, in the order of the requests.
 * HTTP is written and read here by hand: the load has its share of the machine that it measures, and
 * of an event `node:http` takes 150 µs, undici 110, this 60; a server here takes 400 to 700.
 */
export async function sendEvents(
  requests: readonly EventRequest[],
  connections: number,
): Promise<number[]> {
  const answeredAt: number[] = []
  const left = requests.entries()
  const connection = async () => {
    let socket: Socket | undefined
    // One iterator for all connections: each takes what none has taken.
    for (const [at, one] of left) {
      socket ??= await connected(one.url)
      const answered = answer(socket)
      socket.write(textOf(one))
      const text = await answered
      if (!/^HTTP\/1\.1 2/.test(text)) throw new Error(text)
      answeredAt[at] = performance.timeOrigin + performance.now()
    }
    socket?.destroy()
  }
  await Promise.all(Array.from({ length: connections }, connection))
  return answeredAt
}

async function connected(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  socket.setEncoding('latin1')
  await once(socket, 'connect')
  return socket
}

function textOf({ url, headers, body }: EventRequest): string {
  const { host, pathname } = new URL(url)
  const all = { host, ...headers, 'content-length': String(Buffer.byteLength(body)) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

/** The next answer, whole. Rejects where the connection ends before. */
function answer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const settle = (error?: Error) => {
      socket.off('data', take).off('error', settle).off('close', closed)
      if (error === undefined) resolve(text)
      else reject(error)
    }
    const closed = () => settle(new Error(`The connection ended after: ${text}`))
    const take = (piece: string) => {
      text += piece
      if (text.length >= lengthOf(text)) settle()
    }
    socket.on('data', take).on('error', settle).on('close', closed)
  })
}

/** Of an answer that has begun. All servers here tell the length of a body. */
function lengthOf(text: string): number {
  const head = text.indexOf('\r\n\r\n')
  if (head === -1) return Infinity
  const [, length = '0'] = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head)) ?? []
  return head + 4 + Number(length)
}
