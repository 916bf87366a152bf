import { createServer, type ServerResponse } from 'node:http'

export interface Sighting {
  /** What the function wrote, as the path that it asked for. */
  path: string
  body: string
  atMilliseconds: number
}

/**
 * A server of the test's own, to which functions tell what they do. Paths that begin with `/hold`
 * get no answer until `release`.
 */
export async function startWitness() {
  const sightings: Sighting[] = []
  const held: ServerResponse[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const path = request.url ?? ''
      sightings.push({ path, body, atMilliseconds: performance.now() })
      if (path.startsWith('/hold')) held.push(response)
      else response.end('seen')
    })
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port was free')
  const { port } = address
  return {
    port,
    sightings,
    seen: (prefix: string) => sightings.filter(({ path }) => path.startsWith(prefix)),
    count: (prefix: string) => sightings.filter(({ path }) => path.startsWith(prefix)).length,
    seenAt: (path: string) => sightings.find((one) => one.path === path)?.atMilliseconds,
    release() {
      for (const response of held.splice(0)) response.end('released')
    },
    stop() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

export type Witness = Awaited<ReturnType<typeof startWitness>>
