// The floor: what no gateway on Queues can be quicker than. It knows nobody, checks nothing and runs
// nothing.

interface Bindings {
  EVENTS: Queue
}

const starts: [number: number, atMilliseconds: number][] = []

export default {
  async fetch(request, { EVENTS }) {
    if (new URL(request.url).pathname === '/count') return Response.json(starts.length)
    if (request.method === 'GET') return Response.json(starts)
    await EVENTS.send(await request.bytes(), { contentType: 'bytes' })
    return new Response(null, { status: 202 })
  },
  queue(batch) {
    for (const { body } of batch.messages) {
      const { n } = JSON.parse(new TextDecoder().decode(body as Uint8Array)) as { n: number }
      starts.push([n, Date.now()])
    }
  },
} satisfies ExportedHandler<Bindings>
