import { until, type LocalGateway } from '../support/local-gateway.ts'

/**
 * The megabytes that the gateway's own JavaScript holds, its Durable Objects included, after
 * everything was collected that can be. The process around it is no measure: under `wrangler dev`
 * workerd grows by 65 KB a request even for a worker that only says `ok` (1.20261023.1).
 */
export async function gatewayHeap({ inspectorPort, url }: LocalGateway): Promise<number> {
  // wrangler's inspector asks for an Origin that it knows.
  const headers = { origin: 'http://localhost' }
  const socket = new WebSocket(`ws://127.0.0.1:${inspectorPort}/ws`, { headers })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  const ask = (id: number, method: string) =>
    new Promise<Record<string, number>>((resolve) => {
      socket.addEventListener('message', ({ data }) => {
        const message = JSON.parse(String(data)) as { id?: number; result?: Record<string, number> }
        if (message.id === id) resolve(message.result ?? {})
      })
      socket.send(JSON.stringify({ id, method }))
    })
  try {
    let isCollected = false
    void ask(1, 'HeapProfiler.collectGarbage').then(() => (isCollected = true))
    // workerd collects when the next request wakes the gateway.
    await until(async () => (await fetch(`${url}/healthz`)).ok && isCollected)
    const { usedSize = NaN, backingStorageSize = 0 } = await ask(2, 'Runtime.getHeapUsage')
    return (usedSize + backingStorageSize) / 1024 / 1024
  } finally {
    socket.close()
  }
}
