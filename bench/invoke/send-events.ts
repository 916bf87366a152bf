import { Agent, request } from 'node:http'
import type { EventRequest } from './server.ts'

/** When each request was answered with 2xx, in epoch milliseconds, in the order of the requests. */
export async function sendEvents(
  requests: readonly EventRequest[],
  connections: number,
): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const answeredAt: number[] = []
  let next = 0
  const connection = async () => {
    for (let at = next++; at < requests.length; at = next++) {
      const one = requests[at]
      if (one === undefined) return
      await send(agent, one)
      answeredAt[at] = performance.timeOrigin + performance.now()
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, connection))
  } finally {
    agent.destroy()
  }
  return answeredAt
}

function send(agent: Agent, { url, headers, body }: EventRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      method: 'POST',
      headers: { ...headers, 'content-length': body.length },
    }
    const sent = request(url, options, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('error', reject)
      response.on('end', () => {
        if (Math.floor((response.statusCode ?? 0) / 100) === 2) resolve()
        else reject(new Error(`${response.statusCode}: ${text}`))
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
